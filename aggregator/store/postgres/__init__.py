"""The store in PostgreSQL: the twin of the SQLite one, file by file, judged by the same tests."""
