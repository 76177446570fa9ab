"""A feed aggregator daemon: every story once, clean, with its origin, never lost, never emitted twice."""

__version__ = "0.1.0"
