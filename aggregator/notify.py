"""Telling the service manager how the daemon does: the protocol of ``sd_notify(3)``.

A datagram to the socket that the environment names, or nothing where there is none.
"""

import socket
from collections.abc import Mapping


class Notifier:
    """Speaks to systemd, or to whoever else gave the process a socket."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        address = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address

    def ready(self) -> None:
        """Say that everything runs, at the start and after a reload."""
        self._tell("READY=1")

    def status(self, text: str) -> None:
        """Say in a line how it goes; ``systemctl status`` shows it."""
        self._tell("STATUS=" + " ".join(text.split()))

    def beat(self) -> None:
        """Say that the process is alive, for the watchdog."""
        self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """Say that the end has begun."""
        self._tell("STOPPING=1")

    def _tell(self, state: str) -> None:
        """Send it. What cannot be sent is no reason to stop: the manager will notice by itself."""
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
                channel.setblocking(False)
                channel.sendto(state.encode(), self._address)
        except OSError:
            return
