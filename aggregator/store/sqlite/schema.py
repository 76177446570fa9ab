"""The tables, and how a file of an older version becomes one of this version (SQ-17, SU-16)."""

from sqlite_utils import Database, Migrations

from aggregator.store.contract import StoreError

APPLICATION_ID = 0x61676772  # "aggr"
VERSION = 2

migrations = Migrations("aggregator")

_FIRST = (
    """CREATE TABLE origins (
        origin TEXT PRIMARY KEY,
        next_allowed_at TEXT
    ) WITHOUT ROWID""",
    """CREATE TABLE feeds (
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,
        fetch_url TEXT NOT NULL,
        name TEXT,
        tags TEXT NOT NULL DEFAULT '[]',
        interval_seconds REAL,
        active INTEGER NOT NULL,
        position INTEGER,
        origin TEXT NOT NULL REFERENCES origins(origin),
        bucket INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'new',
        reason TEXT,
        title TEXT,
        language TEXT,
        etag BLOB,
        last_modified BLOB,
        validators_url TEXT,
        body_hash BLOB,
        identity TEXT NOT NULL DEFAULT 'guid',
        failures REAL NOT NULL DEFAULT 0,
        added_at TEXT NOT NULL,
        last_poll_at TEXT,
        last_ok_at TEXT,
        next_poll_at TEXT NOT NULL,
        retry_after_at TEXT,
        digested_at TEXT,
        asked_at TEXT,
        poll_token TEXT,
        claimed_until TEXT
    )""",
    "CREATE INDEX feeds_due ON feeds(next_poll_at) WHERE active",
    "CREATE INDEX feeds_claimed ON feeds(claimed_until, origin) WHERE claimed_until IS NOT NULL",
    "CREATE INDEX feeds_asked ON feeds(asked_at) WHERE asked_at IS NOT NULL",
    "CREATE INDEX feeds_origin ON feeds(origin)",
    """CREATE TABLE records (
        id INTEGER PRIMARY KEY,
        slug TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        summary TEXT NOT NULL,
        body_md TEXT NOT NULL,
        canonical_source TEXT NOT NULL,
        published_at TEXT,
        updated_at TEXT NOT NULL,
        lang TEXT,
        topics TEXT NOT NULL,
        entities TEXT NOT NULL,
        match_key TEXT NOT NULL UNIQUE,
        match_key_version INTEGER NOT NULL,
        feed_id INTEGER NOT NULL REFERENCES feeds(id),
        guid_hash BLOB NOT NULL,
        revision INTEGER NOT NULL,
        content_hash BLOB NOT NULL,
        details TEXT NOT NULL,
        seq INTEGER NOT NULL,
        first_seen_at TEXT NOT NULL
    )""",
    "CREATE UNIQUE INDEX records_seq ON records(seq)",
    "CREATE INDEX records_feed ON records(feed_id)",
    """CREATE TABLE aliases (
        match_key TEXT PRIMARY KEY,
        record_id INTEGER NOT NULL REFERENCES records(id),
        reason TEXT NOT NULL,
        at TEXT NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX aliases_record ON aliases(record_id)",
    # content is NULL while the revision is the record's current one, which the record itself holds.
    """CREATE TABLE revisions (
        record_id INTEGER NOT NULL REFERENCES records(id),
        revision INTEGER NOT NULL,
        at TEXT NOT NULL,
        content_hash BLOB NOT NULL,
        content BLOB,
        PRIMARY KEY (record_id, revision)
    ) WITHOUT ROWID""",
    """CREATE TABLE sightings (
        id INTEGER PRIMARY KEY,
        feed_id INTEGER NOT NULL REFERENCES feeds(id),
        record_id INTEGER NOT NULL REFERENCES records(id),
        guid TEXT,
        guid_hash BLOB NOT NULL,
        entry_hash BLOB NOT NULL,
        link TEXT,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        UNIQUE (feed_id, guid_hash)
    )""",
    "CREATE INDEX sightings_record ON sightings(record_id)",
    "CREATE INDEX sightings_window ON sightings(feed_id, last_seen)",
    """CREATE TABLE changes (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        record_id INTEGER REFERENCES records(id),
        feed_id INTEGER REFERENCES feeds(id),
        revision INTEGER,
        at TEXT NOT NULL,
        detail TEXT
    )""",
    "CREATE INDEX changes_record ON changes(record_id)",
    """CREATE TABLE consumers (
        name TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        at TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE consumer_files (
        consumer TEXT NOT NULL,
        path TEXT NOT NULL,
        offset INTEGER NOT NULL,
        PRIMARY KEY (consumer, path)
    ) WITHOUT ROWID""",
    """CREATE TABLE polls (
        id INTEGER PRIMARY KEY,
        feed_id INTEGER NOT NULL REFERENCES feeds(id),
        started_at TEXT NOT NULL,
        finished_at TEXT NOT NULL,
        result TEXT NOT NULL,
        status INTEGER,
        reason TEXT,
        wire_bytes INTEGER NOT NULL,
        new INTEGER NOT NULL,
        updated INTEGER NOT NULL
    )""",
    "CREATE INDEX polls_feed ON polls(feed_id)",
    "CREATE INDEX polls_finished ON polls(finished_at)",
    f"PRAGMA application_id={APPLICATION_ID}",
    "PRAGMA user_version=1",
)


@migrations()
def m001_first(db: Database) -> None:
    """Create everything."""
    for statement in _FIRST:
        db.conn.execute(statement)


@migrations()
def m002_origin_budgets(db: Database) -> None:
    """Keep what an origin taught us about its pace, and where a feed's host was last found."""
    for column in ("delay_seconds REAL", "refused_seconds REAL", "slowed_at TEXT"):
        db.conn.execute(f"ALTER TABLE origins ADD COLUMN {column}")
    db.conn.execute("ALTER TABLE feeds ADD COLUMN address TEXT")
    db.conn.execute("PRAGMA user_version=2")


def migrate(db: Database) -> None:
    """Bring the file to this version. Raises StoreError when a newer version wrote it, or another program."""
    ours = db.conn.execute("PRAGMA application_id").fetchone()[0]
    version = db.conn.execute("PRAGMA user_version").fetchone()[0]
    if ours not in {0, APPLICATION_ID} or (ours == 0 and db.table_names()):
        raise StoreError("this SQLite file belongs to another program: name another file in [store] url")
    if version > VERSION:
        raise StoreError(f"a newer aggregator wrote this store (schema {version}, this one reads {VERSION}): upgrade")
    if version < VERSION:
        migrations.apply(db)
