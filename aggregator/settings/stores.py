"""The address of the store: a file of SQLite, or a database of PostgreSQL with its password apart."""

import re
from urllib.parse import quote, urlsplit

from pydantic import ValidationInfo

from aggregator.settings import checks
from aggregator.settings.requests import secret
from aggregator.settings.values import quoted

POSTGRES = ("postgresql://", "postgres://")
_USER = re.compile(r"(//[^/?#@:]+)@")
_ODD = re.compile(r"[\0-\x20\x7f]")


def store_url(value: object, info: ValidationInfo) -> str:
    """``sqlite:///path``, returned absolute, or ``postgresql://user@host/database``, returned with the password."""
    if not isinstance(value, str) or not value.startswith(POSTGRES):
        return checks.store_url(value, info)
    if "password=" in value:
        raise ValueError("a password in the query of the URL is no secret: write it under the key password")
    if _ODD.search(value) or not urlsplit(value).path.strip("/"):
        raise ValueError(f'expected "postgresql://user@host/database", got {quoted(value)}')
    word = info.data.get("password")
    if word is None:
        return value
    if not _USER.search(value):
        raise ValueError("with a password apart, the URL names a user and no password")
    return _USER.sub(lambda found: f"{found[1]}:{quote(word, safe='')}@", value, count=1)


def password(value: object, info: ValidationInfo) -> str | None:
    """A password; None is none, or one that PostgreSQL's own ways find (PGPASSWORD, a password file)."""
    return None if value is None else secret(value, info)
