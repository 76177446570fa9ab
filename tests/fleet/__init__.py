"""Facts about one process of several."""
