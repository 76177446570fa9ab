"""What every store promises about taking up a changed configuration: asked for by one process, done by another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Reload:
    """A wish that the process which polls should read its configuration again, and what became of it."""

    id: int
    asked_at: datetime
    force: bool
    done_at: datetime | None = None  # None: nobody has answered yet
    taken: bool = False  # whether the configuration was taken up
    message: str = ""  # what changed, or why nothing did


class Reloads(Protocol):
    """The wishes, of which only the newest is kept once it is answered."""

    def ask(self, now: datetime, *, force: bool) -> int:
        """Wish for it; return the number of the wish."""

    def waiting(self) -> Reload | None:
        """Return the oldest wish that nobody has answered."""

    def find(self, wish: int) -> Reload | None:
        """Return a wish."""

    def answer(self, wish: int, now: datetime, *, taken: bool, message: str) -> None:
        """Answer a wish, and forget those answered before. One that was withdrawn is left alone."""

    def withdraw(self, wish: int) -> bool:
        """Take back a wish; False where it is answered."""

    def last(self) -> Reload | None:
        """Return the last answer since the process that polls was started."""

    def in_use(self) -> str | None:
        """Return the settings that were last taken up, as text, secrets masked; None where nobody has said."""

    def put_in_use(self, settings: str) -> None:
        """Keep the settings that are taken up."""

    def clear(self) -> None:
        """Forget all of them: whoever starts has read its configuration."""
