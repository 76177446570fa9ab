"""Time zones as feeds name them."""

import re
from datetime import UTC, timedelta, timezone, tzinfo

# What a date in Hangul implies when it names no zone: all of Korea is in one.
KOREA = "korea"

# Hours east of UTC, for names that mean one thing everywhere (DT-06).
_KNOWN = {
    name: hours
    for hours, names in {
        -10.0: "hst",
        -9.0: "akst hdt",
        -8.0: "pst akdt",
        -7.0: "mst pdt",
        -6.0: "mdt",
        -5.0: "est cdt",
        -4.0: "edt clt",
        -3.5: "nst",
        -3.0: "adt brt art",
        -2.5: "ndt",
        -2.0: "brst",
        0.0: "z ut utc gmt wet etc/gmt etc/utc zulu",
        1.0: "cet met mez west wat",
        2.0: "cest mest mesz eet cat sast",
        3.0: "eest msk eat trt idt",
        3.5: "irst",
        5.0: "pkt",
        5.75: "npt",
        7.0: "wib ict",
        8.0: "hkt sgt awst pht wita",
        9.0: "jst kst wit",
        9.5: "acst",
        10.0: "aest",
        10.5: "acdt",
        11.0: "aedt",
        12.0: "nzst",
        13.0: "nzdt",
    }.items()
    for name in names.split()
}
# Names with several meanings, and those that leave out whether it was summer: the likeliest is taken and said so.
_LIKELY = {
    name: hours
    for hours, names in {
        -8.0: "pt",
        -7.0: "mt",
        -6.0: "ct cst",
        -5.0: "et",
        -4.0: "at ast",
        1.0: "bst",
        5.5: "ist",
        9.0: KOREA,
    }.items()
    for name in names.split()
}
_ZONE = re.compile(
    r"(?P<name>[a-z]{1,5}(?:/[a-z]{3})?)?\s*(?:(?P<sign>[+-])\s*(?P<hours>\d\d?):?(?P<minutes>\d\d)?(?::00)?)?z?"
    r"\s*(?:(?<=\d )[a-z]{1,5}|\([^()]*\))?"
)
_FURTHEST = timedelta(hours=14)  # Kiribati


def read_zone(text: str) -> tuple[tzinfo, bool] | None:
    """Return the zone that lower-case text names and whether that was guessed, or None where it names none.

    A number wins over a name before it ("EST-0500"). A zone that cannot be, an unknown name and no zone at all are
    read as UTC, as a guess (DT-06, DT-17, DT-22). RFC 822's single letters were defined with the wrong sign, so all
    but Z are guesses (RFC 2822 section 4.3).
    """
    match = _ZONE.fullmatch(text)
    if match is None:
        return None
    if match["sign"]:
        return _numeric(match)
    name = match["name"] or ""
    if name in _KNOWN:
        return timezone(timedelta(hours=_KNOWN[name])), False
    return timezone(timedelta(hours=_LIKELY.get(name, 0.0))), True


def _numeric(match: re.Match[str]) -> tuple[tzinfo, bool]:
    minutes = int(match["minutes"] or 0)
    offset = timedelta(hours=int(match["hours"]), minutes=minutes)
    if offset > _FURTHEST or minutes > 59:
        return UTC, True
    return timezone(-offset if match["sign"] == "-" else offset), False
