"""The shape of aggregator.toml. Names are those of the file; docs/reference/config.md says what each key means."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    PrivateAttr,
    StrictBool,
    StrictInt,
    model_validator,
)

from aggregator.model import CustomEnricher, Keep, Pattern, Pipeline, Rule
from aggregator.settings import checks, requests, rules, stores
from aggregator.settings.feed_url import feed_url
from aggregator.settings.outputs import CommandSettings, ExportSettings, WebhookSettings
from aggregator.settings.pipelines import installed, pipelines
from aggregator.settings.section import Deadline, Interval, Section
from aggregator.settings.values import Network, duration, network, size

Duration = Annotated[timedelta, PlainValidator(duration)]
Line = Annotated[str, PlainValidator(requests.line)]
Secret = Annotated[str, PlainValidator(requests.secret)]
UserAgent = Annotated[str | None, PlainValidator(requests.user_agent)]
Proxy = Annotated[str | None, PlainValidator(requests.proxy)]
Selector = Annotated[str, AfterValidator(checks.selector)]
Words = Annotated[Pattern | None, PlainValidator(rules.pattern_or_none), PlainSerializer(rules.as_it_is)]


class SiteSettings(Section):
    """Where the records are published."""

    base_url: Annotated[str, PlainValidator(checks.base_url)] = "http://localhost:8077"


class WebSettings(Section):
    """The site that the daemon serves, or ``aggregator serve``."""

    listen: Annotated[str, AfterValidator(checks.listen)] = "127.0.0.1:8077"
    token: Annotated[str | None, PlainValidator(requests.token)] = Field(default=None, repr=False)
    rate: Annotated[StrictInt, Field(ge=0, le=100_000)] = 20
    listeners: Annotated[StrictInt, Field(ge=0, le=100_000)] = 200


class WebsubSettings(Section):
    """Being told of news by the hubs of feeds, and telling hubs of our own."""

    enabled: StrictBool = False
    hubs: tuple[Annotated[str, PlainValidator(feed_url)], ...] = ()


class StoreSettings(Section):
    """Where the records are kept, and for how long."""

    password: Annotated[str | None, PlainValidator(stores.password)] = Field(default=None, repr=False)
    # After the password, which becomes part of it.
    url: Annotated[str, PlainValidator(stores.store_url)] = Field(default="sqlite:///aggregator.sqlite", repr=False)
    keep: Annotated[Keep | None, PlainValidator(checks.keep)] = None
    raw: Literal["none", "changed"] = "none"
    raw_keep: Interval = timedelta(days=30)


class GroupSettings(Section):
    """One ``[[fetch.groups]]``: hosts that share one budget."""

    name: Annotated[str, AfterValidator(checks.export_name)]
    hosts: tuple[Annotated[str, AfterValidator(requests.host_pattern)], ...]
    per_host: Annotated[StrictInt, Field(ge=1, le=10_000)] | None = None
    host_delay: Annotated[timedelta | None, PlainValidator(checks.pause)] = None
    shared_verdict: StrictBool = True


class FetchSettings(Section):
    """How feeds are asked for."""

    contact: Annotated[str | None, PlainValidator(checks.contact)] = None
    timeout: Deadline = timedelta(seconds=60)
    max_size: Annotated[int, PlainValidator(size)] = 10_000_000
    concurrency: Annotated[StrictInt, Field(ge=1, le=10_000)] = 32
    per_host: Annotated[StrictInt, Field(ge=1, le=10_000)] = 1
    host_delay: Duration = timedelta(seconds=2)
    scope: Literal["host", "domain", "address"] = "host"
    groups: tuple[GroupSettings, ...] = ()
    user_agent: UserAgent = None
    proxy: Proxy = Field(default=None, repr=False)
    allow_networks: tuple[Annotated[Network, PlainValidator(network)], ...] = ()


class ScheduleSettings(Section):
    """How often feeds are asked for (SC-01). Read from a file, min <= default <= max."""

    min: Interval = timedelta(minutes=60)
    default: Interval = timedelta(minutes=60)
    max: Interval = timedelta(hours=24)
    budget: Annotated[int | None, PlainValidator(checks.budget)] = None  # requests an hour
    freshness: dict[str, Interval] = Field(default={})
    fill_gaps: StrictBool = False
    trust_unchanged: Annotated[timedelta | None, PlainValidator(checks.trust)] = None


class TelemetrySettings(Section):
    """Where traces are sent."""

    endpoint: Annotated[str | None, PlainValidator(checks.endpoint)] = None


class CustomSettings(Section):
    """One ``[[enrich.custom]]``: a function of the operator's own."""

    name: Annotated[str, AfterValidator(checks.export_name)]
    call: Annotated[str, AfterValidator(checks.call)]


class LlmSettings(Section):
    """``[enrich.llm]``: a server that speaks OpenAI's protocol, and how much it may be asked."""

    base_url: Annotated[str, PlainValidator(checks.base_url)]
    model: Annotated[str, Field(min_length=1, max_length=200)]
    api_key: Annotated[str | None, PlainValidator(requests.bearer)] = Field(default=None, repr=False)
    timeout: Deadline = timedelta(seconds=30)
    requests_per_day: Annotated[StrictInt, Field(ge=1)] = 1000
    tokens_per_day: Annotated[StrictInt, Field(ge=1)] = 1_000_000


class EnrichSettings(Section):
    """What is found out about each record."""

    enabled: tuple[Annotated[str, AfterValidator(checks.enricher)], ...] = checks.ENRICHERS
    topics: Annotated[Path | None, PlainValidator(checks.topics_path)] = None
    boilerplate: Annotated[Path | None, PlainValidator(checks.boilerplate_path)] = None
    custom: tuple[CustomSettings, ...] = ()
    llm: LlmSettings | None = None
    stories: StrictBool = False
    again: StrictBool = True
    spacy: Annotated[tuple[Pipeline, ...], PlainValidator(pipelines)] = Field(default_factory=installed)

    @property
    def enrichers(self) -> tuple[CustomEnricher, ...]:
        """Those of the operator's own, as workers take them."""
        return tuple(CustomEnricher(name=each.name, call=each.call) for each in self.custom)


class AuthSettings(Section):
    """Basic authentication."""

    user: Secret = Field(repr=False)
    password: Secret = Field(repr=False)


class FeedSettings(Section):
    """One ``[[feeds]]``."""

    url: Annotated[str, PlainValidator(feed_url)]
    name: str | None = None
    tags: tuple[str, ...] = ()
    interval: Annotated[timedelta | None, PlainValidator(checks.interval)] = None
    enabled: StrictBool = True
    headers: dict[Annotated[str, AfterValidator(requests.header_name)], Line] = Field(default={}, repr=False)
    user_agent: UserAgent = None
    proxy: Proxy = Field(default=None, repr=False)
    auth: AuthSettings | None = Field(default=None, repr=False)
    full_text: StrictBool = False
    content: Selector | None = None
    remove: tuple[Selector, ...] = ()

    @property
    def wants_pages(self) -> bool:
        """Whether articles are to be read from their pages: a rule about pages says so too."""
        return self.full_text or self.content is not None or bool(self.remove)


class RuleSettings(Section):
    """One ``[[rules]]``."""

    name: str | None = None
    action: Literal["keep", "drop", "tag", "rewrite"]
    feed: str | None = None
    title: Words = None
    category: Words = None
    author: Words = None
    text: Words = None
    tags: tuple[str, ...] = ()
    field: Literal["title", "summary"] = "title"
    find: Words = None
    replace: str = ""

    @model_validator(mode="after")
    def _agreed(self) -> Self:
        rules.agreed(self.action, {name: getattr(self, name) for name in self.model_fields_set})
        return self


class FeedList(Section):
    """An included TOML file."""

    feeds: tuple[FeedSettings, ...] = ()


class Settings(FeedList):
    """The whole configuration file, every relative path in it made absolute."""

    site: SiteSettings = Field(default_factory=SiteSettings)
    web: WebSettings = Field(default_factory=WebSettings)
    websub: WebsubSettings = Field(default_factory=WebsubSettings)
    store: StoreSettings = Field(default_factory=StoreSettings)
    fetch: FetchSettings = Field(default_factory=FetchSettings)
    schedule: ScheduleSettings = Field(default_factory=ScheduleSettings)
    enrich: EnrichSettings = Field(default_factory=EnrichSettings)
    telemetry: TelemetrySettings = Field(default_factory=TelemetrySettings)
    include: tuple[Annotated[Path, PlainValidator(checks.include_path)], ...] = ()
    export: tuple[ExportSettings, ...] = ()
    webhook: tuple[WebhookSettings, ...] = ()
    command: tuple[CommandSettings, ...] = ()
    rules: tuple[RuleSettings, ...] = ()
    _path: Path = PrivateAttr(default=Path("aggregator.toml"))

    def model_post_init(self, context: Any) -> None:
        """Keep the path of the file, which the validators were given as their context."""
        if isinstance(context, Mapping):
            self._path = context["path"]

    def judging(self) -> tuple[Rule, ...]:
        """Return the rules as they judge; one without a name has its number."""
        return tuple(
            Rule(**{**rule.__dict__, "name": rule.name or f"rule {number}"})
            for number, rule in enumerate(self.rules, 1)
        )

    @property
    def added(self) -> Path:
        """The list of the feeds that were added over the API: written by the program alone.

        It is beside the store, or beside the configuration where the store is no file.
        """
        if not self.store.url.startswith(checks.SQLITE):
            return self._path.with_name(f"{self._path.stem}.added.toml")
        return Path(f"{self.store.url.removeprefix(checks.SQLITE)}.feeds.toml")

    @property
    def path(self) -> Path:
        """The file that was read."""
        return self._path
