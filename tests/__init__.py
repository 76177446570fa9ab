"""Tests mirror the package: tests/store is about aggregator/store."""
