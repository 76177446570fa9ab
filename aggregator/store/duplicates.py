"""What every store promises about texts that are alike. Part of ``aggregator.store.contract``."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from aggregator.model import NearDuplicate, RecordId


class Duplicates(Protocol):
    """Texts that are near copies of one another, looked for when a plan is applied that brings their signatures.

    A text is found among those that came in the one to two weeks before it; what was found stays.
    """

    def of(self, records: Collection[RecordId]) -> Mapping[RecordId, Sequence[NearDuplicate]]:
        """Return the near copies of records that have any, the likest first: no more than twenty of each.

        Neither merged nor retracted ones.
        """
