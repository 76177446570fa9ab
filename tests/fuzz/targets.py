"""What can be fuzzed, by name."""

from tests.fuzz.dates import DATES
from tests.fuzz.decoders import DECODERS
from tests.fuzz.documents import DOCUMENTS
from tests.fuzz.trial import Target
from tests.fuzz.urls import URLS

TARGETS: dict[str, Target] = {target.name: target for target in (URLS, DATES, DECODERS, DOCUMENTS)}
