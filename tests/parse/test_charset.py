"""Which encoding a document is read in."""

import codecs
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.parse.charset import decode
from tests.parse.build import read, refused

TEXT = "<rss version='2.0'><channel><item><title>Grüße</title></item></channel></rss>"


@pytest.mark.parametrize(
    "body",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
        codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32-le"),
        TEXT.encode("utf-32-be"),
        TEXT.encode("cp1252"),
        f"<?xml version='1.0' encoding='utf-16'?>{TEXT}".encode(),
        f"<?xml version='1.0' encoding='iso-8859-1'?>{TEXT}".encode("latin-1"),
        codecs.BOM_UTF8 + f"<?xml version='1.0' encoding='iso-8859-1'?>{TEXT}".encode(),
    ],
)
@pytest.mark.parametrize(
    "header", [None, "text/xml", "application/rss+xml; charset=utf-8", "text/xml; charset=us-ascii"]
)
def test_the_title_survives(body: bytes, header: str | None) -> None:
    """XM-22: a wrong charset in the header included."""
    titles = [item.title.value for item in read(body, content_type=header).entries if item.title]
    assert titles == ["Grüße"]


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("windows-1251", "Привет"),
        ("koi8-r", "Привет"),
        ("shift_jis", "日本①"),
        ("euc-jp", "日本"),
        ("gb2312", "中国镕"),
        ("big5", "中文"),
        ("euc-kr", "한국똠"),
        ("windows-1255", "שלום"),
        ("tis-620", "ไทย"),
        ("iso-8859-1", "10 € “x”"),
    ],
)
def test_a_declared_encoding_is_read_as_it_is_meant(label: str, text: str) -> None:
    """XM-22: a label stands for its superset, as in browsers."""
    meant = {"shift_jis": "cp932", "gb2312": "gb18030", "euc-kr": "cp949", "iso-8859-1": "cp1252"}.get(label, label)
    body = f"<?xml version='1.0' encoding='{label}'?><rss>{text}</rss>".encode(meant)
    assert text in decode(body, None)
    assert text in decode(f"<rss>{text}</rss>".encode(meant), f"text/xml; charset={label}")


@pytest.mark.parametrize(
    "label", ["utf-7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "rot13", "zlib", "hex"]
)
def test_what_is_no_text_encoding_is_passed_over(label: str) -> None:
    """XM-21."""
    body = f"<?xml version='1.0' encoding='{label}'?><rss>\\x41+ADw-ü</rss>".encode()
    assert "\\x41+ADw-ü" in decode(body, f"text/xml; charset={label}")


def test_a_few_bad_bytes_do_not_change_the_encoding() -> None:
    """HX-09: as when a body ends inside a character."""
    assert decode("<rss>Grüße, größer".encode() + b"\xc3", None) == "<rss>Grüße, größer\ufffd"
    japanese = f"<?xml version='1.0' encoding='euc-jp'?>{'日本語' * 20}".encode("euc-jp") + b"\xff"
    assert "日本語" in decode(japanese, None)


def test_a_label_is_no_way_out() -> None:
    assert refused(b"<?xml version='1.0' encoding='" + b"x" * 5000 + b"'?>").kind == "not-a-feed"


@given(st.binary(), st.none() | st.text())
def test_any_bytes_have_a_text(body: bytes, content_type: str | None) -> None:
    """XM-27."""
    assert isinstance(decode(body, content_type), str)


SENTENCES = {
    "windows-1251": "Вчера вечером паром вернулся в гавань, и капитан рассказал, что море было спокойным весь день.",
    "koi8-r": "Вчера вечером паром вернулся в гавань, и капитан рассказал, что море было спокойным весь день.",
    "shift_jis": "フェリーは昨日の夕方に港へ戻り、船長は海が一日中穏やかだったと話しました。",
    "iso2022_jp": "フェリーは昨日の夕方に港へ戻り、船長は海が一日中穏やかだったと話しました。",
    "windows-1253": "Το πλοίο επέστρεψε χθες το βράδυ στο λιμάνι και ο καπετάνιος είπε ότι η θάλασσα ήταν ήρεμη.",
    "windows-1255": "המעבורת חזרה אתמול בערב לנמל והקברניט אמר שהים היה רגוע כל היום ושהנוסעים היו מרוצים.",
    "windows-1250": "Trajekt se včera večer vrátil do přístavu a kapitán řekl, že moře bylo klidné po celý den.",
    "windows-1252": "Le bac est rentré hier soir au port; le capitaine a déclaré que la mer était calme à midi.",
}


@pytest.mark.parametrize("encoding", SENTENCES)
def test_an_encoding_that_nothing_states_is_recognised(encoding: str) -> None:
    """XM-22: the words decide where neither header, mark nor declaration does, and it is not UTF-8."""
    document = f"<rss><channel><title>{SENTENCES[encoding]}</title></channel></rss>"
    assert decode(document.encode(encoding), None) == document


def test_a_wide_encoding_is_seen_in_text_that_is_no_markup() -> None:
    for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        assert decode("Date,Bid\n1,2".encode(encoding), None) == "Date,Bid\n1,2"


def test_a_meta_element_says_the_encoding_of_a_page_that_is_not_utf_8() -> None:
    page = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=x-sjis"></head>港</html>'
    assert decode(page.encode("cp932"), "text/html") == page
    assert "Grüße" in decode('<meta charset="shift_jis">Grüße'.encode(), None)


@pytest.mark.parametrize("body", [b"\xff\xfe\xfd" * 1_000_000, b"\x81\x40" * 2_000_000, b"\xe9 caf\xe9" * 1_000_000])
def test_a_hostile_document_is_recognised_in_time(body: bytes) -> None:
    started = time.process_time()
    decode(body, None)
    assert time.process_time() - started < 5
