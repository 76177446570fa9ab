"""Tests of aggregator/schedule."""
