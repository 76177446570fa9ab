"""What a look at the installation found."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is not as it should be. A problem needs somebody; a warning is a weakness that is lived with."""

    check: str  # what was looked at: "sqlite", "disk", "sequence", …
    severity: Literal["problem", "warning"]
    message: str
    advice: str  # what to do
