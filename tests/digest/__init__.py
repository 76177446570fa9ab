"""Tests of aggregator/digest."""
