"""Every mistake is shown with its place, what was expected and the name that was perhaps meant; all at once."""

from pathlib import Path

import pytest

from aggregator.settings import ConfigError, load

FETCH = (
    "allow_networks, concurrency, contact, groups, host_delay, max_size, per_host, proxy, scope, timeout, user_agent"
)
TOP = "command, enrich, export, feeds, fetch, include, rules, schedule, site, store, telemetry, web, webhook, websub"
DURATION = 'expected a duration such as "90s", "15m", "2h" or "1d"'
MISTAKES = {
    "an unknown key": (
        '[fetch]\n  timeot = "60s"\n',
        f'2:3: unknown key "fetch.timeot"; did you mean "timeout"? (expected one of {FETCH})',
    ),
    "hubs that cannot reach the site": (
        'site.base_url = "http://news.example"\nweb.listen = "off"\n[websub]\nenabled = true',
        (
            "4:11: websub: enabled needs the [site] base_url under which hubs reach this site, with https\n"
            '4:11: websub: enabled needs the site, but [web] listen is "off"'
        ),
    ),
    "an unknown table": ("\n[fetsch]\n", f'2:2: unknown table "fetsch"; did you mean "fetch"? (expected one of {TOP})'),
    "an unknown key unlike any": ("zzz.y = 1", f'1:1: unknown table "zzz" (expected one of {TOP})'),
    "an unknown key of a feed": (
        '[[feeds]]\nurl = "http://a/"\ntag = []',
        (
            '3:1: unknown key "feeds.tag"; did you mean "tags"? '
            "(expected one of auth, content, enabled, full_text, headers, interval, name, proxy, remove, tags, url,"
            " user_agent)"
        ),
    ),
    "a wrong type in the third feed": (
        '[[feeds]]\nurl="http://a/"\n[[feeds]]\nurl="http://b/"\n[[feeds]]\nurl="http://c/"\ntags = "x"',
        '7:8: feeds.tags: expected a list, got "x"',
    ),
    "a wrong type in an inline feed": (
        'feeds = [\n  {url = "http://a/"},  # one\n  {url = "http://b/", tags = ["x", 5]},\n]',
        "3:36: feeds.tags: expected a string, got 5",
    ),
    "a feed without a URL": ('[[feeds]]\nname = "x"\n', "1:3: feeds: url is missing"),
    "single brackets": (
        '[feeds]\nurl = "http://a/"',
        "1:2: feeds: expected a list of tables ([[feeds]] in double brackets), got one table",
    ),
    "a boolean in quotes": (
        '[[feeds]]\nurl = "http://a/"\nenabled = "no"',
        '3:11: feeds.enabled: expected true or false, got "no"',
    ),
    "a bad duration": ('[fetch]\ntimeout = "1 minute"', f'2:11: fetch.timeout: {DURATION}, got "1 minute"'),
    "a bare number": ("fetch.timeout = 60", f"1:17: fetch.timeout: {DURATION}, got 60"),
    "too short an interval": (
        '[schedule]\nmin = "0s"',
        '2:7: schedule.min: expected a duration of at least "1s", got "0s"',
    ),
    "a bad URL": (
        '[[feeds]]\nurl = "ftp://me:secret@example.org/"',
        '2:7: feeds.url: expected a feed URL (http or https, with a host), got "ftp://***@example.org/"',
    ),
    "a bad base URL": (
        '[site]\nbase_url = "example.org"',
        '2:12: site.base_url: expected a URL such as "https://news.example.org", got "example.org"',
    ),
    "a place to listen that is none": (
        '[web]\nlisten = "localhost:8077"',
        '2:10: web.listen: expected "127.0.0.1:8077", "[::1]:8077" or "off", got "localhost:8077"',
    ),
    "a short token": (
        '[web]\ntoken = "secret"',
        "2:9: web.token: expected 16 characters at least, none of them a space",
    ),
    "a bad store": (
        '[store]\nurl = "mysql://me:pw@h/db"',
        (
            '2:7: store.url: expected "sqlite:///" and the path of a file, or "postgresql://user@host/database",'
            ' got "mysql://***@h/db"'
        ),
    ),
    "a bad time to keep": (
        '[store]\nkeep = "for ever"',
        '2:8: store.keep: expected "forever", a duration ("365d") or a number ("1000 per feed"), got "for ever"',
    ),
    "a contact for two headers": (
        '[fetch]\ncontact = "me@a.org\\r\\nHost: b"',
        '2:11: fetch.contact: expected a URL or a mail address, got "me@a.org\\r\\nHost: b"',
    ),
    "a bad size": (
        '[fetch]\nmax_size = "big"',
        '2:12: fetch.max_size: expected a size such as "500KB", "10MB" or "1GiB", got "big"',
    ),
    "no concurrency": ("[fetch]\nconcurrency = 0", "2:15: fetch.concurrency: expected at least 1, got 0"),
    "a fraction": ("[fetch]\nper_host = 1.5", "2:12: fetch.per_host: expected a whole number, got 1.5"),
    "a bad CIDR": (
        '[fetch]\nallow_networks = [\n  "10.0.0.0/8",\n  "10.0.0.1/8",\n]',
        (
            '4:3: fetch.allow_networks: expected a network such as "192.168.0.0/16", got "10.0.0.1/8" '
            "(10.0.0.1/8 has host bits set)"
        ),
    ),
    "min > max": (
        '[schedule]\ndefault = "2h"\nmin = "90m"\nmax = "1h"',
        "4:7: schedule: expected min <= default <= max, but default (2h) exceeds max (1h)",
    ),
    "an unknown enricher": (
        '[enrich]\nenabled = ["language", "sumary"]',
        (
            "2:24: enrich.enabled: expected one of language, summary, topics, entities, near-duplicates,"
            ' got "sumary"; did you mean "summary"?'
        ),
    ),
    "a duplicate export": (
        '[[export]]\nname = "a"\npath = "1"\n[[export]]\nname = "a"\npath = "2"',
        '5:8: outputs: "a" is named twice',
    ),
    "a secret of a webhook that is too short": (
        '[[webhook]]\nname = "a"\nurl = "https://x.example/"\nsecret = "whsec_c2hvcnQ="',
        '4:10: webhook.secret: expected "whsec_" and base64, or a text, of 16 bytes at least',
    ),
    "a command that is a line of shell": (
        '[[command]]\nname = "a"\nargv = "rm -rf /"',
        '3:8: command.argv: expected a program and its arguments such as ["notify", "--quiet"], got "rm -rf /"',
    ),
    "a bad export": (
        '[[export]]\nname = "A b"\npath = ""',
        (
            '2:8: export.name: expected a name of a-z, 0-9, _ and -, got "A b"\n'
            '3:8: export.path: expected the path of a file such as "../var/%Y-%m-%d.jsonl.gz", got ""'
        ),
    ),
    "a list of an unknown kind": (
        'include = ["a.toml", "b.csv"]',
        '1:22: include: expected the path of a list (.toml, .opml, .xml, .txt), got "b.csv"',
    ),
    "a header of the program": (
        '[[feeds]]\nurl = "http://a/"\nheaders = {X-A = "1", Host = "b"}',
        "3:23: feeds.headers.Host: the header Host is set by the program alone",
    ),
    "a header with an end of line": (
        '[[feeds]]\nurl = "http://a/"\nheaders = {X-A = "s3cret\\r\\nHost: b"}',
        "3:18: feeds.headers.X-A: expected one line of printable ASCII",
    ),
    "a secret in no variable": (
        '[[feeds]]\nurl = "http://a/"\nauth = {user = "u", password = {env = "NOWHERE"}}',
        "3:32: feeds.auth.password: the environment variable NOWHERE is not set",
    ),
    "a secret in no file": (
        '[[feeds]]\nurl = "http://a/"\n[feeds.headers]\nX-Token = {file = "none"}',
        "4:11: feeds.headers.X-Token: the file none cannot be read: No such file or directory",
    ),
    "a secret of a wrong type": (
        '[[feeds]]\nurl = "http://a/"\nauth = "me:s3cret"\nproxy = "ftp://me:s3cret@b"',
        (
            "3:8: feeds.auth: expected a table, got a secret\n"
            '4:9: feeds.proxy: expected the URL of an HTTP proxy such as "http://proxy.example:3128"'
        ),
    ),
    "a bad scope": (
        '[fetch]\nscope = "planet"',
        "2:9: fetch.scope: expected 'host', 'domain' or 'address', got \"planet\"",
    ),
    "a bad group": (
        '[[fetch.groups]]\nname = "a"\nhosts = ["http://a/"]\n[[fetch.groups]]\nname = "a"\nhosts = []',
        (
            '3:10: fetch.groups.hosts: expected a host such as "example.org", or "*.example.org" '
            "(punycode where it is not ASCII)\n"
            '5:8: fetch.groups: "a" is named twice'
        ),
    ),
    "a list twice": ('include = ["a.txt",\n "a.txt"]', '2:2: include: "a.txt" is named twice'),
}


def problems(folder: Path, body: bytes) -> list[str]:
    path = folder / "aggregator.toml"
    path.write_bytes(body)
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    return [str(problem).removeprefix(f"{path}:") for problem in caught.value.problems]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_shown_where_it_is(mistake: str, tmp_path: Path) -> None:
    text, expected = MISTAKES[mistake]
    assert "\n".join(problems(tmp_path, text.encode())) == expected


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[fetch]\ntimeout = 60s\n", "2:13"),
        ('[fetch]\ntimeout = """60', "2:11"),
        ("a = 1\na = 2", "2:6"),
        ("\ny =", "2:4"),
    ],
)
def test_bad_syntax_is_one_problem_where_it_is(text: str, place: str, tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, text.encode())
    assert problem.startswith(f"{place}: not valid TOML: ")


def test_what_is_no_utf_8_is_shown_where_it_is(tmp_path: Path) -> None:
    body = '# ü\n[[feeds]]\nname = "Zürich'.encode() + "ü".encode("latin-1") + b'"'
    assert problems(tmp_path, body) == ["3:15: expected UTF-8, got the byte 0xfc"]


def test_all_problems_of_a_file_are_shown_at_once_in_its_order(tmp_path: Path) -> None:
    chosen = ("an unknown key", "a bad store", "a wrong type in the third feed", "min > max", "a duplicate export")
    text = "".join(MISTAKES[mistake][0] + "\n" for mistake in chosen)
    found = problems(tmp_path, text.encode())
    assert [problem.split(": ", maxsplit=1)[1] for problem in found] == [
        MISTAKES[mistake][1].split(": ", maxsplit=1)[1] for mistake in chosen
    ]


def test_nesting_without_end_is_a_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, b"include = " + b"[" * 100_000) == ["1:1: nested too deeply"]
