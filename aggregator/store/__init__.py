"""Feeds, records, sightings, revisions and the change log, behind one contract (``contract.py``)."""
