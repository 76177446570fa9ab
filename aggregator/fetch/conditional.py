"""Conditional requests: validators out and in, byte for byte (CR-02…29)."""

import re

import httpx

from aggregator.model import Validators

_LONGEST = 4096  # bytes (CR-29)
_UNSENDABLE = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


def conditional_headers(validators: Validators | None, url: str) -> list[tuple[bytes, bytes]]:
    """Return the headers that ask "changed since?" of ``url``: none where the validators were said of another URL
    (CR-21), and none for a value that could break out of its header (CR-27)."""
    if validators is None or validators.url != url:
        return []
    offered = ((b"If-None-Match", validators.etag), (b"If-Modified-Since", validators.last_modified))
    return [(name, value) for name, value in offered if value and not _UNSENDABLE.search(value)]


def given_validators(headers: httpx.Headers, url: str) -> Validators | None:
    """Return what an answer about ``url`` gives to ask with next time; None where it gives nothing (CR-14)."""
    etag, last_modified = _value(headers, b"etag"), _value(headers, b"last-modified")
    if etag is None and last_modified is None:
        return None
    return Validators(etag=etag, last_modified=last_modified, url=url)


def renewed_validators(known: Validators, headers: httpx.Headers) -> Validators:
    """Return the stored validators with what a 304 replaced (CR-12, CR-13)."""
    return Validators(
        etag=_value(headers, b"etag") or known.etag,
        last_modified=_value(headers, b"last-modified") or known.last_modified,
        url=known.url,
    )


def _value(headers: httpx.Headers, name: bytes) -> bytes | None:
    # raw, because httpx joins duplicates with a comma (CR-26): of several the last counts
    values = [value for key, value in headers.raw if key.lower() == name]
    return values[-1] if values and 0 < len(values[-1]) <= _LONGEST else None
