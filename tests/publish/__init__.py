"""Tests of aggregator/publish."""
