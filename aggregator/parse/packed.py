"""Documents that are gzip files themselves, as sitemaps often are: no Content-Encoding says so."""

import zlib

_MAGIC = b"\x1f\x8b"
_LARGEST = 20_000_000  # bytes, as the most that fetch decodes


def unpacked(body: bytes) -> bytes:
    """Return what a gzip file holds; the file itself where it is broken, cut short, or holds more than 20 MB."""
    if not body.startswith(_MAGIC):
        return body
    reader = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        document = reader.decompress(body, _LARGEST)
    except zlib.error:
        return body
    return document if reader.eof else body
