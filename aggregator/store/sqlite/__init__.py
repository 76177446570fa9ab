"""The store as one SQLite file, readable by a person and by Datasette as it is."""
