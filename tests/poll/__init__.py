"""Tests of aggregator/poll.py."""
