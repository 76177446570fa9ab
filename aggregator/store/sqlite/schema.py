"""The tables, and how a file of an older version becomes one of this version (SQ-17, SU-16)."""

from sqlite_utils import Database, Migrations

from aggregator.store.contract import StoreError

APPLICATION_ID = 0x61676772  # "aggr"
VERSION = 6

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
)
_ORIGIN_BUDGETS = (
    "ALTER TABLE origins ADD COLUMN delay_seconds REAL",
    "ALTER TABLE origins ADD COLUMN refused_seconds REAL",
    "ALTER TABLE origins ADD COLUMN slowed_at TEXT",
    "ALTER TABLE feeds ADD COLUMN address TEXT",
)
# JSON for what is read with its feed and asked for by nothing else; columns for what an audit adds up.
_FEED_LIFECYCLE = (
    "ALTER TABLE feeds ADD COLUMN history TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE polls ADD COLUMN asked INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE polls ADD COLUMN floor_at TEXT",
    "ALTER TABLE polls ADD COLUMN hint_at TEXT",
    "ALTER TABLE polls ADD COLUMN hint TEXT",
    "CREATE INDEX feeds_fetch_url ON feeds(fetch_url)",
)
# So that a start sees at once that no key is of older rules (UR-39).
_RULE_VERSIONS = ("CREATE INDEX records_rules ON records(match_key_version)",)
_IDENTITY = (
    "ALTER TABLE records ADD COLUMN churn INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE records ADD COLUMN retracted_at TEXT",
    "ALTER TABLE records ADD COLUMN merged_into INTEGER REFERENCES records(id)",
    "ALTER TABLE records ADD COLUMN pinned TEXT",
    "CREATE INDEX records_merged ON records(merged_into) WHERE merged_into IS NOT NULL",
    "ALTER TABLE aliases ADD COLUMN confidence REAL NOT NULL DEFAULT 1",
    # How the entry was found to be the record's where its guid did not say so; and the record it was merged with.
    "ALTER TABLE sightings ADD COLUMN reason TEXT",
    "ALTER TABLE sightings ADD COLUMN confidence REAL",
    "ALTER TABLE sightings ADD COLUMN merged_from INTEGER",
    # Whose words the revision has: what a wrong merge is undone by.
    "ALTER TABLE revisions ADD COLUMN feed_id INTEGER",
    "ALTER TABLE revisions ADD COLUMN guid_hash BLOB",
    "ALTER TABLE revisions ADD COLUMN match_key TEXT",
    "CREATE INDEX sightings_merged ON sightings(merged_from) WHERE merged_from IS NOT NULL",
)
_DELIVERIES = (
    "ALTER TABLE consumer_files ADD COLUMN base TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE consumer_files ADD COLUMN part INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE consumer_files ADD COLUMN first_seq INTEGER",
    "ALTER TABLE consumer_files ADD COLUMN last_seq INTEGER",
    "ALTER TABLE consumer_files ADD COLUMN closed INTEGER NOT NULL DEFAULT 0",
    "UPDATE consumer_files SET base=path",
    "ALTER TABLE consumers ADD COLUMN stopped TEXT",
    # What could not be delivered yet (next_try_at), or not at all (dead_at); what was delivered has no row.
    """CREATE TABLE deliveries (
        consumer TEXT NOT NULL,
        seq INTEGER NOT NULL,
        tries INTEGER NOT NULL,
        first_try_at TEXT NOT NULL,
        next_try_at TEXT NOT NULL,
        error TEXT NOT NULL,
        dead_at TEXT,
        PRIMARY KEY (consumer, seq)
    ) WITHOUT ROWID""",
)


@migrations()
def m001_first(db: Database) -> None:
    """Create everything."""
    _execute(db, *_FIRST)


@migrations()
def m002_origin_budgets(db: Database) -> None:
    """Keep what an origin taught us about its pace, and where a feed's host was last found."""
    _execute(db, *_ORIGIN_BUDGETS)


@migrations()
def m003_feed_lifecycle(db: Database) -> None:
    """Let feeds have a history, and polls bounds to be audited by."""
    _execute(db, *_FEED_LIFECYCLE)


@migrations()
def m004_rule_versions(db: Database) -> None:
    """Find records whose keys are of older rules."""
    _execute(db, *_RULE_VERSIONS)


@migrations()
def m005_identity(db: Database) -> None:
    """Let records merge, part again and be retracted, and say how entries were found to be theirs."""
    _execute(db, *_IDENTITY)


@migrations()
def m006_deliveries(db: Database) -> None:
    """Let files have parts that are closed, and outputs remember what they could not deliver."""
    _execute(db, *_DELIVERIES)


def migrate(db: Database) -> None:
    """Bring the file to this version. Raises StoreError when a newer version wrote it, or another program."""
    ours = db.conn.execute("PRAGMA application_id").fetchone()[0]
    if ours not in {0, APPLICATION_ID} or (ours == 0 and db.table_names()):
        raise StoreError("this SQLite file belongs to another program: name another file in [store] url")
    if _version(db) < VERSION:
        migrations.apply(db)
        db.conn.execute(f"PRAGMA user_version={VERSION}")


def expect_current(db: Database) -> None:
    """Raise StoreError where the file is of another version: a reader does not migrate it."""
    if _version(db) < VERSION:
        raise StoreError("an older aggregator wrote this store: `aggregator run` or `poll` brings it up to date")


def _version(db: Database) -> int:
    version = int(db.conn.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise StoreError(f"a newer aggregator wrote this store (schema {version}, this one reads {VERSION}): upgrade")
    return version


def _execute(db: Database, *statements: str) -> None:
    for statement in statements:
        db.conn.execute(statement)
