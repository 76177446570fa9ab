"""A TOML file, read: its data, and where each key and value stands."""

import re
import tomllib
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from aggregator.settings.positions import KeyPath, Span, line_column, spans
from aggregator.settings.problems import ConfigError, Kind, Problem
from aggregator.settings.syntax import explained

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True)
class Document:
    """``data`` is what ``text`` says, with the environment's overrides in it, which ``origins`` name by path."""

    file: str
    text: str
    data: dict[str, Any]
    origins: Mapping[KeyPath, str] = field(default_factory=dict)

    @cached_property
    def spans(self) -> dict[KeyPath, Span]:
        """Found when first asked for: a file without a problem needs none."""
        return spans(self.text)

    def problem(
        self, path: KeyPath, message: str, *, at: Literal["key", "value"] = "value", kind: Kind = "value"
    ) -> Problem:
        """Return a problem at ``path``, or at what is nearest above it where the file does not say it."""
        prefixes = [path[:length] for length in range(len(path), 0, -1)]
        for known in prefixes:
            if known in self.origins:
                return Problem(file=self.origins[known], message=message, kind=kind)
        for known in prefixes:
            if known in self.spans:
                span = self.spans[known]
                offset = span.value if at == "value" and known == path else span.key
                line, column = line_column(self.text, offset)
                return Problem(file=self.file, line=line, column=column, message=message, kind=kind)
        return Problem(file=self.file, line=1, column=1, message=message, kind=kind)


def parse(file: str, body: bytes) -> Document:
    """Return the document in ``body``. Raises ConfigError with the one place where it is no TOML."""
    body = body.removeprefix(BOM_UTF8)
    try:
        text = body.decode()
        return Document(file, text, tomllib.loads(text))
    except UnicodeDecodeError as error:
        sound = body[: error.start].decode()
        line, column = line_column(sound, len(sound))
        message = f"expected UTF-8, got the byte 0x{body[error.start]:02x}"
    except tomllib.TOMLDecodeError as error:
        line, column, message = _syntax(str(error), text)
    except RecursionError:
        line, column, message = 1, 1, "nested too deeply"
    raise ConfigError([Problem(file=file, line=line, column=column, message=message, kind="syntax")])


def _syntax(message: str, text: str) -> tuple[int, int, str]:
    place = _PLACE.search(message)
    line, column = (int(place[1]), int(place[2])) if place and place[1] else line_column(text, len(text))
    line, column, sentence = explained(text, _PLACE.sub("", message), line, column)
    return line, column, f"not valid TOML: {sentence}"
