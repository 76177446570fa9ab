"""One HTTP/1.1 request and its answer on a connection."""

import h11
import httpx

from aggregator.fetch.stream import Stream

_LARGEST_HEAD = 64 * 1024  # bytes (HX-14)
_TOO_LARGE = 431  # h11's hint for it
_MOST_INTERIM = 16  # 1xx answers before the real one (HX-15)
_MOST_PIECES = 100_000  # chunks of one body: a byte each would cost more processor time than they carry


class Exchange:
    """The client's side of one connection, one exchange after the other.

    Methods that wait raise ``OSError`` and ``httpx.RemoteProtocolError``. Messages are ours: what a peer that speaks
    no HTTP sent is shown to nobody (SS-18).
    """

    def __init__(self, stream: Stream, address: str | None = None) -> None:
        """``address`` is what the connected host is known by, where that is to be told."""
        self.address = address
        self._stream = stream
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LARGEST_HEAD)
        self._pieces = 0
        self._cut = False

    async def ask(
        self, target: bytes, headers: list[tuple[bytes, bytes]], *, method: bytes = b"GET", body: bytes = b""
    ) -> h11.Response:
        """Send a request, its ``body`` as the headers announce it, and return the head of its answer."""
        request = h11.Request(method=method, target=target, headers=headers)
        events = (request, *([h11.Data(data=body)] if body else []), h11.EndOfMessage())
        self._stream.write(b"".join(self._http.send(event) or b"" for event in events))
        for _ in range(_MOST_INTERIM):
            event = await self._event()
            if isinstance(event, h11.Response):
                return event
        raise httpx.RemoteProtocolError("too many interim answers")

    async def piece(self) -> bytes:
        """Return what has come of the body, as transferred with chunked framing taken off; b"" at its end."""
        gathered: list[bytes] = []
        while not gathered and self._http.their_state is h11.SEND_BODY:
            while isinstance(event := self._next(), h11.Data):
                gathered.append(bytes(event.data))
            self._pieces += len(gathered)
            if self._pieces > _MOST_PIECES:
                raise httpx.RemoteProtocolError("body in too many pieces")
            if event is h11.NEED_DATA and not gathered:
                await self._receive()
        return b"".join(gathered)

    def finish(self) -> bool:
        """Make ready for another exchange; False where this connection can carry no other.

        The rest of a body that is already here is taken, none is waited for.
        """
        try:
            while isinstance(self._next(), h11.Data):
                pass
        except httpx.RemoteProtocolError:
            return False
        ended = self._http.our_state is h11.DONE and self._http.their_state is h11.DONE
        # bytes beyond the answer (CR-16) would be read as the next one's head
        if not ended or self._http.trailing_data[0] or not self._stream.is_quiet:
            return False
        self._http.start_next_cycle()
        self._pieces = 0
        return True

    @property
    def is_open(self) -> bool:
        """Whether the peer kept the connection open and silent since it was last used."""
        return self._stream.is_quiet

    def close(self) -> None:
        """Drop the connection."""
        self._stream.close()

    async def _event(self) -> object:
        while (event := self._next()) is h11.NEED_DATA:
            await self._receive()
        return event

    async def _receive(self) -> None:
        data = await self._stream.read()
        self._cut = not data
        self._http.receive_data(data)

    def _next(self) -> object:
        try:
            return self._http.next_event()
        except h11.RemoteProtocolError as error:
            raise httpx.RemoteProtocolError(self._complaint(error)) from error

    def _complaint(self, error: h11.RemoteProtocolError) -> str:
        if self._cut:
            return "connection closed before the end of the answer"
        return (
            "head of the answer is too large" if error.error_status_hint == _TOO_LARGE else "answer is not valid HTTP"
        )
