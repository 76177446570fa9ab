"""Which entries to keep, drop, tag or rewrite, as the operator says. Pure."""
