"""The tables of outputs: files, webhooks, commands."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PlainValidator, StrictBool

from aggregator.model import ChangeKind, Selection
from aggregator.settings import checks, requests
from aggregator.settings.feed_url import feed_url
from aggregator.settings.section import Deadline, Interval, Section


class OutputSettings(Section):
    """What every output has: a name, which is that of its place in the change log, and what it is narrowed to."""

    name: Annotated[str, AfterValidator(checks.export_name)]
    feed: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    lang: tuple[str, ...] = ()
    kind: tuple[ChangeKind, ...] = ()

    @property
    def selection(self) -> Selection:
        """The same as the store takes it."""
        return Selection(feeds=self.feed, tags=self.tag, topics=self.topic, langs=self.lang, kinds=self.kind)


class ExportSettings(OutputSettings):
    """One ``[[export]]``: a file of JSON Lines that the daemon keeps writing."""

    path: Annotated[str, PlainValidator(checks.export_path)]  # absolute, for strftime: a literal % is doubled
    rotate_size: Annotated[int | None, PlainValidator(checks.rotate_size)] = None
    changes: StrictBool = False


class DeliverySettings(OutputSettings):
    """What outputs have in common that are given changes one by one."""

    start: Literal["now", "beginning"] = "now"
    retry_for: Interval = timedelta(days=3)


class WebhookSettings(DeliverySettings):
    """One ``[[webhook]]``: an address that changes are sent to."""

    url: Annotated[str, PlainValidator(feed_url)] = Field(repr=False)
    secret: Annotated[bytes, PlainValidator(requests.signing_key)] = Field(repr=False)
    timeout: Deadline = timedelta(seconds=15)


class CommandSettings(DeliverySettings):
    """One ``[[command]]``: a program that is run for each change."""

    argv: Annotated[tuple[str, ...], PlainValidator(checks.argv)]
    timeout: Deadline = timedelta(seconds=60)
