"""WebSub, spoken with a real hub on loopback."""
