"""Lists in whatever encoding (OP-06)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.feeds.decode import decode

TEXT = "<opml><outline text='Zürich €'/></opml>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_an_encoding_that_is_not_declared_is_found(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("encoding", ["ISO-8859-15", "windows-1252", "UTF-8", "utf-16", "gb18030"])
def test_a_declared_encoding_is_believed(encoding: str) -> None:
    text = f"<?xml version='1.0' encoding='{encoding}'?>{TEXT}"
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-7", "unicode_escape", "rot13", "zlib", "idna", "no-such", "utf-16"])
def test_what_is_declared_and_is_no_encoding_of_this_text_is_not(encoding: str) -> None:
    """XM-21."""
    text = f"<?xml version='1.0' encoding='{encoding}'?><opml text='\\x41+AGE-ü'/>"
    assert decode(text.encode()) == text


def test_bytes_that_fit_nothing_are_replaced() -> None:
    body = b"<?xml version='1.0' encoding='utf-8'?><opml a='\x81\xff'/>"
    assert decode(body).endswith("<opml a='\ufffdÿ'/>")


@given(st.binary())
def test_any_bytes_are_some_text(body: bytes) -> None:
    assert isinstance(decode(body), str)
