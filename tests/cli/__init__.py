"""Tests of aggregator/cli."""
