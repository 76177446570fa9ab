"""The nouns: every value that travels between rooms. Frozen, picklable, and free of behaviour.

*feed*: a subscription and its polling state. *entry*: one item as the feed stated it. *article*: an entry's clean
content. *draft*: a record that has no slug yet. *record*: one story as we keep it. *sighting*: that a feed carried a
record. *outcome*: what one poll decided. *change*: one line of the change log.

Every ``datetime`` here is aware and in UTC.
"""

from aggregator.model.article import (
    Article,
    CustomEnricher,
    Digest,
    Draft,
    Dropped,
    EnricherFailure,
    Enrichment,
    Identity,
    Pipeline,
)
from aggregator.model.document import Content, Enclosure, Entry, ParsedFeed, Part, Unreadable
from aggregator.model.feed import (
    ChangeKind,
    FailureKind,
    Feed,
    FeedConfig,
    FeedHints,
    FeedId,
    FeedState,
    KnownFeed,
    Move,
    Overdue,
    Pace,
    RecordId,
    RequestOptions,
    Rhythm,
    Seq,
    Setback,
    Validators,
)
from aggregator.model.fetch import Failed, Fetched, FetchResult, NotModified
from aggregator.model.finding import Finding
from aggregator.model.habit import Habit
from aggregator.model.keep import Keep, PerFeed
from aggregator.model.page import FullText, Missed, Page
from aggregator.model.push import Offer, Subscription, SubscriptionState
from aggregator.model.record import (
    Batch,
    Bounds,
    Change,
    Cluster,
    Delivery,
    FilePlace,
    NearDuplicate,
    Notice,
    Origin,
    PastPoll,
    PollOutcome,
    Record,
    RecordPage,
    RecordRow,
    Selection,
    Sighting,
)
from aggregator.model.renewal import Renewal, Stored
from aggregator.model.rule import Pattern, Rule

__all__ = [
    "Article",
    "Batch",
    "Bounds",
    "Change",
    "ChangeKind",
    "Cluster",
    "Content",
    "CustomEnricher",
    "Delivery",
    "Digest",
    "Draft",
    "Dropped",
    "Enclosure",
    "EnricherFailure",
    "Enrichment",
    "Entry",
    "Failed",
    "FailureKind",
    "Feed",
    "FeedConfig",
    "FeedHints",
    "FeedId",
    "FeedState",
    "FetchResult",
    "Fetched",
    "FilePlace",
    "Finding",
    "FullText",
    "Habit",
    "Identity",
    "Keep",
    "KnownFeed",
    "Missed",
    "Move",
    "NearDuplicate",
    "NotModified",
    "Notice",
    "Offer",
    "Origin",
    "Overdue",
    "Pace",
    "Page",
    "ParsedFeed",
    "Part",
    "PastPoll",
    "Pattern",
    "PerFeed",
    "Pipeline",
    "PollOutcome",
    "Record",
    "RecordId",
    "RecordPage",
    "RecordRow",
    "Renewal",
    "RequestOptions",
    "Rhythm",
    "Rule",
    "Selection",
    "Seq",
    "Setback",
    "Sighting",
    "Stored",
    "Subscription",
    "SubscriptionState",
    "Unreadable",
    "Validators",
]
