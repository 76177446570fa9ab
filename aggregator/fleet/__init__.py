"""Several processes that poll one store: each bucket of origins belongs to one of them at a time (ADR 0014)."""
