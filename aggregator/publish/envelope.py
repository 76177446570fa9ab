"""The envelope: one line of the change log as every output shows it (docs/reference/change.schema.json)."""

from aggregator.model import Change, NearDuplicate, Origin, Record, Sighting
from aggregator.publish.record import date_text, json_line, record_fields
from aggregator.settings.values import shown
from aggregator.text.chunks import chunks


def change_fields(change: Change, base_url: str) -> dict[str, object]:
    """Return the public fields of a change, in their order, ready for JSON; what is unknown is None (OI-11).

    ``record`` is the record as that revision had it. Credentials in the feed's URL are masked.
    """
    return {
        "seq": change.seq,
        "kind": change.kind,
        "at": date_text(change.at),
        "feed": _feed(change.feed),
        "sighting": _sighting(change.sighting),
        "revision": change.revision,
        "record": change.record and record_fields(change.record, base_url),
        "content": change.record and _content(change.record),
        "flags": None if change.flags is None else list(change.flags),
        "provenance": None if change.provenance is None else {"body_md": "feed", **change.provenance},
        "entities": _entities(change),
        "near_duplicates": [_near(each) for each in change.near_duplicates],
        "story": change.cluster and {"id": change.cluster.id, "records": change.cluster.records},
        "custom": change.custom,
        "detail": change.detail,
    }


def change_line(change: Change, base_url: str) -> bytes:
    """Return the envelope as one line of JSON, as ``record_line`` does a record."""
    return json_line(change_fields(change, base_url))


def _feed(feed: Origin | None) -> dict[str, object] | None:
    if feed is None:
        return None
    return {"url": shown(feed.url), "name": feed.name, "title": feed.title}


def _sighting(sighting: Sighting | None) -> dict[str, object] | None:
    if sighting is None:
        return None
    return {
        "guid": sighting.guid,
        "link": sighting.link,
        "first_seen": date_text(sighting.first_seen),
        "published_raw": sighting.published_raw,
        "date_flags": list(sighting.date_flags),
    }


def _near(duplicate: NearDuplicate) -> dict[str, object]:
    return {"slug": duplicate.slug, "likeness": round(duplicate.likeness, 2), "feed": _feed(duplicate.feed)}


def _entities(change: Change) -> list[dict[str, object]] | None:
    kinds = change.entity_kinds
    if change.record is None or kinds is None:
        return None
    return [{"name": name, "kind": kinds.get(name)} for name in change.record.entities]


def _content(record: Record) -> dict[str, object]:
    pieces = chunks(record.body_md)
    return {"tokens": sum(piece.tokens for piece in pieces), "chunks": [piece._asdict() for piece in pieces]}
