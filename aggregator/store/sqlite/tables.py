"""The statements that make the tables, in the order of the versions. What is written here is never edited again."""

FIRST = (
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
)
ORIGIN_BUDGETS = (
    "ALTER TABLE origins ADD COLUMN delay_seconds REAL",
    "ALTER TABLE origins ADD COLUMN refused_seconds REAL",
    "ALTER TABLE origins ADD COLUMN slowed_at TEXT",
    "ALTER TABLE feeds ADD COLUMN address TEXT",
)
# JSON for what is read with its feed and asked for by nothing else; columns for what an audit adds up.
FEED_LIFECYCLE = (
    "ALTER TABLE feeds ADD COLUMN history TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE polls ADD COLUMN asked INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE polls ADD COLUMN floor_at TEXT",
    "ALTER TABLE polls ADD COLUMN hint_at TEXT",
    "ALTER TABLE polls ADD COLUMN hint TEXT",
    "CREATE INDEX feeds_fetch_url ON feeds(fetch_url)",
)
# So that a start sees at once that no key is of older rules (UR-39).
RULE_VERSIONS = ("CREATE INDEX records_rules ON records(match_key_version)",)
IDENTITY = (
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
DELIVERIES = (
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
# A tombstone is an entry that a feed carries and that is no record: pruned, or dropped by a rule.
RETENTION = (
    """CREATE TABLE tombstones (
        feed_id INTEGER NOT NULL REFERENCES feeds(id),
        guid_hash BLOB NOT NULL,
        match_key TEXT NOT NULL,
        entry_hash BLOB NOT NULL,
        reason TEXT NOT NULL,
        at TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        PRIMARY KEY (feed_id, guid_hash)
    ) WITHOUT ROWID""",
    "CREATE INDEX tombstones_pruned ON tombstones(match_key) WHERE reason='pruned'",
    "CREATE INDEX tombstones_seen ON tombstones(last_seen)",
    "CREATE INDEX records_updated ON records(updated_at)",
    # One row: how many lines of the log are gone for good reason.
    "CREATE TABLE retention (pruned_changes INTEGER NOT NULL)",
    "INSERT INTO retention VALUES (0)",
)
