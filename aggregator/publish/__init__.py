"""Records and changes on their way out: renderings, and the sinks that follow the change log."""
