"""Every behaviour by its name."""

from tests.hostile_server.behaviours.bodies import BODIES
from tests.hostile_server.behaviours.codings import CODINGS
from tests.hostile_server.behaviours.endless import ENDLESS
from tests.hostile_server.behaviours.framing import FRAMING
from tests.hostile_server.behaviours.plain import PLAIN
from tests.hostile_server.behaviours.validators import VALIDATORS
from tests.hostile_server.visit import Behaviour

BEHAVIOURS: dict[str, Behaviour] = {**PLAIN, **VALIDATORS, **CODINGS, **FRAMING, **ENDLESS, **BODIES}
