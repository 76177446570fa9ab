"""The site, served by a real server on loopback."""
