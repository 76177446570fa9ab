"""URLs: reading, checking, joining and cleaning them. A leaf: no network, no settings."""
