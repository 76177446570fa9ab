"""The tables since version 8: what is found out about records, and what is kept beside them. Never edited either."""

# What is searched has no row for each text but ten: as narrow as can be, and without an index besides.
DUPLICATES = (
    """CREATE TABLE bands (
        key INTEGER NOT NULL,
        record_id INTEGER NOT NULL,
        PRIMARY KEY (key, record_id)
    ) WITHOUT ROWID""",
    """CREATE TABLE signatures (
        record_id INTEGER PRIMARY KEY REFERENCES records(id),
        period INTEGER NOT NULL,
        signature BLOB NOT NULL
    )""",
    "CREATE INDEX signatures_period ON signatures(period)",
    """CREATE TABLE near_duplicates (
        record_id INTEGER NOT NULL REFERENCES records(id),
        other_id INTEGER NOT NULL,
        likeness REAL NOT NULL,
        PRIMARY KEY (record_id, other_id)
    ) WITHOUT ROWID""",
)
REFINEMENTS = (
    """CREATE TABLE llm_answers (
        key BLOB PRIMARY KEY,
        answer TEXT NOT NULL,
        at TEXT NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX llm_answers_at ON llm_answers(at)",
    """CREATE TABLE llm_costs (
        day TEXT NOT NULL,
        name TEXT NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (day, name)
    ) WITHOUT ROWID""",
)
# What people browse and search. The column is computed, never stored but in its index. The search table holds no text:
# what it is to forget is told to it anew, from the revision in ``indexed`` (FTS5, 4.4.3 Contentless Tables).
BROWSING = (
    """ALTER TABLE records ADD COLUMN told INTEGER GENERATED ALWAYS AS
        (CAST(strftime('%s', min(coalesce(published_at, first_seen_at), first_seen_at)) AS INTEGER)) VIRTUAL""",
    "CREATE INDEX records_told ON records(told, id) WHERE merged_into IS NULL AND retracted_at IS NULL",
    """CREATE TABLE labels (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        label TEXT NOT NULL,
        records INTEGER NOT NULL DEFAULT 0,
        UNIQUE (kind, label)
    )""",
    "CREATE INDEX labels_most ON labels(kind, records)",
    """CREATE TABLE labelled (
        label_id INTEGER NOT NULL REFERENCES labels(id),
        told INTEGER NOT NULL,
        record_id INTEGER NOT NULL,
        PRIMARY KEY (label_id, told, record_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX labelled_record ON labelled(record_id)",
    """CREATE VIRTUAL TABLE search USING fts5(
        title, summary, body, content='', tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
    )""",
    "CREATE TABLE indexed (record_id INTEGER PRIMARY KEY, revision INTEGER NOT NULL)",
    "CREATE TABLE index_place (seq INTEGER NOT NULL, sighting INTEGER NOT NULL, rules INTEGER NOT NULL)",
    "INSERT INTO index_place VALUES (0, 0, 0)",
    # Slugs of records that were pruned: whoever asks for one is told so.
    "CREATE TABLE pruned_slugs (slug TEXT PRIMARY KEY) WITHOUT ROWID",
    # How many new stories a feed had on which day is read from the index alone.
    "DROP INDEX polls_feed",
    "CREATE INDEX polls_feed ON polls(feed_id, finished_at, new)",
)
RAW_DOCUMENTS = (
    """CREATE TABLE raw_documents (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        feed_id INTEGER NOT NULL REFERENCES feeds(id),
        at TEXT NOT NULL,
        packed BLOB NOT NULL
    )""",
    "CREATE INDEX raw_documents_feed ON raw_documents(feed_id)",
    "CREATE INDEX raw_documents_at ON raw_documents(at)",
)
# Hubs that tell of a feed's news, and subscriptions, each known by the secret part of its callback's URL.
PUSH = (
    "CREATE TABLE offers (feed_id INTEGER PRIMARY KEY REFERENCES feeds(id), hub TEXT NOT NULL, topic TEXT NOT NULL)",
    """CREATE TABLE subscriptions (
        token TEXT PRIMARY KEY,
        feed_id INTEGER NOT NULL REFERENCES feeds(id),
        hub TEXT NOT NULL,
        topic TEXT NOT NULL,
        secret TEXT,
        state TEXT NOT NULL,
        tries INTEGER NOT NULL,
        lease_until TEXT,
        next_at TEXT NOT NULL,
        reason TEXT
    ) WITHOUT ROWID""",
    "CREATE INDEX subscriptions_feed ON subscriptions(feed_id, lease_until)",
    "CREATE INDEX subscriptions_due ON subscriptions(next_at)",
)
CLUSTERS = (
    # What titles are compared with: of the last days only.
    """CREATE TABLE titles (
        record_id INTEGER PRIMARY KEY REFERENCES records(id),
        feed_id INTEGER NOT NULL,
        told INTEGER NOT NULL,
        length REAL NOT NULL,
        words TEXT NOT NULL
    )""",
    "CREATE INDEX titles_told ON titles(told)",
    """CREATE TABLE title_words (word INTEGER NOT NULL, record_id INTEGER NOT NULL, PRIMARY KEY (word, record_id))
        WITHOUT ROWID""",
    # How many titles of a period have a word: the key is both.
    "CREATE TABLE word_counts (key INTEGER PRIMARY KEY, titles INTEGER NOT NULL)",
    "CREATE TABLE clusters (id INTEGER PRIMARY KEY, name TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL)",
    "CREATE INDEX clusters_last ON clusters(last)",
    """CREATE TABLE clustered (
        record_id INTEGER PRIMARY KEY REFERENCES records(id),
        cluster_id INTEGER NOT NULL REFERENCES clusters(id)
    )""",
    "CREATE INDEX clustered_cluster ON clustered(cluster_id)",
    "CREATE TABLE cluster_place (seq INTEGER NOT NULL)",
    "INSERT INTO cluster_place VALUES (0)",
)
# How late new stories were found is read from the index alone, too.
DELAYS = (
    "ALTER TABLE polls ADD COLUMN delay_seconds REAL",
    "DROP INDEX polls_feed",
    "CREATE INDEX polls_feed ON polls(feed_id, finished_at, new, delay_seconds)",
)
# How far the stored records have been enriched by which rules.
RENEWALS = (
    "CREATE TABLE renewal_place (rules TEXT NOT NULL, after INTEGER, done INTEGER NOT NULL)",
    "INSERT INTO renewal_place VALUES ('', NULL, 0)",
)
# Why the file of an output cannot be written; and what a running daemon works by, masked, as one JSON object.
IN_USE = (
    "ALTER TABLE consumers ADD COLUMN trouble TEXT",
    "ALTER TABLE consumers ADD COLUMN trouble_since TEXT",
    "CREATE TABLE settings_in_use (settings TEXT NOT NULL)",
)
RELOADS = (
    # Whoever polls reads its configuration again when it finds a wish here, and answers in the same row. No number is
    # used twice: who waits for an answer must not get another's.
    """CREATE TABLE reloads (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        asked_at TEXT NOT NULL,
        force INTEGER NOT NULL,
        done_at TEXT,
        taken INTEGER NOT NULL DEFAULT 0,
        message TEXT NOT NULL DEFAULT ''
    )""",
)
