"""Signatures as Standard Webhooks say (standardwebhooks.com, version 1.0.0)."""

import base64
import hashlib
import hmac
from datetime import datetime


def message_id(consumer: str, seq: int, at: datetime) -> str:
    """Return what one message is known by: the same whenever it is sent again, and another for every other one."""
    told = f"{consumer}\0{seq}\0{at.isoformat()}"
    return f"msg_{hashlib.blake2b(told.encode(), digest_size=16).hexdigest()}"


def signed_headers(body: bytes, *, ident: str, at: datetime, key: bytes) -> dict[str, str]:
    """Return the three headers that let a receiver tell who sent ``body`` and when, tried ``at``."""
    timestamp = str(int(at.timestamp()))
    content = b".".join((ident.encode(), timestamp.encode(), body))
    signature = base64.b64encode(hmac.digest(key, content, "sha256")).decode()
    return {"webhook-id": ident, "webhook-timestamp": timestamp, "webhook-signature": f"v1,{signature}"}
