"""A client's connection, as uvicorn has it, with a bound on what it may hold."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_MOST = 2**16  # bytes


class Connection(HttpToolsProtocol):
    """Speaks HTTP/1.1. A head that does not end, or trailers that do not, are answered with 400: the parser keeps all
    of what it has no end of."""

    _endless = 0  # bytes since something ended, or was body

    def data_received(self, data: bytes) -> None:
        """Take what came from the client."""
        if self._endless > _MOST:
            self.send_400_response("The head of the request is too long.")
            return
        self._endless += len(data)
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """The head has ended."""
        self._endless = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body is there; how much of it is kept is bounded elsewhere."""
        self._endless = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request has ended."""
        self._endless = 0
        super().on_message_complete()
