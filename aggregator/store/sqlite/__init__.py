"""The store as one SQLite file, readable by a person and by Datasette as it is."""

import sys

# sqlite-utils imports numpy where it is installed, only to know its types: 18 MB, a fifth of a second, and a thread for
# each processor. A detector of languages needs numpy in the workers; nothing here does.
if "numpy" not in sys.modules:
    sys.modules["numpy"] = None  # type: ignore[assignment]
    try:
        import sqlite_utils  # noqa: F401
    finally:
        del sys.modules["numpy"]
