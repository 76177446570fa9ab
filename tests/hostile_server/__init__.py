"""A real HTTP server on loopback that misbehaves on demand: ``/NAME`` or ``/NAME/ARGUMENT?QUERY`` names how.

``python -m tests.hostile_server`` runs it and prints what it can do; tests use ``serving()``.
"""

from tests.hostile_server.behaviours import BEHAVIOURS
from tests.hostile_server.server import HostileServer, serving
from tests.hostile_server.visit import FEED, Visit, redirect

__all__ = ["BEHAVIOURS", "FEED", "HostileServer", "Visit", "redirect", "serving"]
