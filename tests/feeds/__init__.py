"""Facts about which feeds there are."""
