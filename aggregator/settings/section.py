"""What every table of aggregator.toml is, and how times are written in it."""

from datetime import timedelta
from functools import partial
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainValidator

from aggregator.settings.values import duration

Deadline = Annotated[timedelta, PlainValidator(partial(duration, least=timedelta(milliseconds=1)))]
Interval = Annotated[timedelta, PlainValidator(partial(duration, least=timedelta(seconds=1)))]


class Section(BaseModel):
    """A table of the file: nothing unknown in it, nothing changes after reading.

    Defaults, and sections that are defaults, are validated like what is written: so their paths become absolute.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, revalidate_instances="always")


def table_of(annotation: object) -> type[Section] | None:
    """Return the model of a field that is a table or an array of tables."""
    for candidate in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(candidate, type) and issubclass(candidate, Section):
            return candidate
    return None
