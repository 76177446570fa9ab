"""``X-Hub-Signature`` (WebSub, section 7.1.1; WS-16)."""

import hmac

# sha1 is weak for signatures of documents, and sound in an HMAC (RFC 6194, section 3.3); large hubs know no other.
_METHODS = frozenset({"sha1", "sha256", "sha384", "sha512"})


def is_signed(body: bytes, header: str | None, secret: str) -> bool:
    """Whether ``header`` signs the body, as it was transferred, by the method that it names."""
    method, _, stated = (header or "").strip().partition("=")
    if method.lower() not in _METHODS:
        return False
    expected = hmac.new(secret.encode(), body, method.lower()).hexdigest()
    return hmac.compare_digest(expected.encode(), stated.strip().lower().encode("utf-8", "replace"))
