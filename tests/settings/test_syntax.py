"""What is no TOML is explained: the place, the key, and what to write instead."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.settings import ConfigError
from aggregator.settings.document import parse

QUOTES = "a text stands between quotes: write"
UNFINISHED = "the text has no closing quote"
HEADER = "a table's name stands between"
MISTAKES = {
    "[fetch]\ntimeout = 60s\n": f'2:13 [fetch] timeout: {QUOTES} timeout = "…"',
    "[site]\nbase_url = https://x.example\n": f'2:12 [site] base_url: {QUOTES} base_url = "…"',
    "[fetch]\ncontact = '60s\nx=1\n": f"2:11 [fetch] contact: {UNFINISHED}",
    "[fetch]\ncontact = \"60s'\n": f"2:16 [fetch] contact: {UNFINISHED}",
    '[fetch]\ncontact = """60\n\n': f"2:11 [fetch] contact: {UNFINISHED}",
    '[fetch]\ntimeout = "60s""\n': "2:16 [fetch] timeout: a quote too many",
    '[fetch]\ntimeout = "1s"\nx = 1\ntimeout = "2s"\n': "4:15 [fetch] timeout: the key is set twice, in line 2 too",
    "[fetch]\na=1\n[web]\n[fetch]\nb=1\n": "4:7 the table [fetch] is there twice, in line 1 too",
    "[feeds]\na=1\n[feeds]\nb=1\n": "3:7 each of several tables needs double brackets: write [[feeds]]",
    "[feeds]\na=1\n[[feeds]]\nb=1\n": "3:8 each of several tables needs double brackets: write [[feeds]]",
    "[[export]]\na=1\n[export]\nb=1\n": "3:8 each of several tables needs double brackets: write [[export]]",
    'include = ["a.toml" "b.toml"]\n': "1:21 include: a comma is missing between two values of the list",
    'include = [\n  "a"\n  "b"\n]\n': "3:3 a comma is missing between two values of the list. The list begins",
    'include = ["a"\n[fetch]\nx=1\n': "2:1 the list before this has no closing bracket: ] The list begins in line 1",
    '[fetch]\ntimeout: "60s"\n': "2:8 TOML sets a key with an equals sign: write = in place of the colon",
    '[fetch]\ntimeout "60s"\n': "2:9 expected key = value",
    "[fetch]\ntimeout = \n": "2:11 [fetch] timeout: a value is missing",
    '[[feeds]\nurl = "x"\n': f"1:8 {HEADER}",
    '[feeds]]\nurl = "x"\n': f"1:8 {HEADER}",
    '[x]\npath = "C:\\data"\n': "2:13 [x] path: a backslash between double quotes is written twice",
    "[x]\na = Yes\n": "2:5 [x] a: expected true or false, in small letters: write true",
    "a = null\n": "1:5 a: TOML has no word for nothing: leave the key out",
    "a = “x”\n": "1:5 a: a text stands between straight quotes",
    "a = { x = 1,\n y = 2 }\n": "1:13 a: a table between braces stands in one line",
    '{\n "a": 1\n}\n': "1:1 this looks like JSON",
    "a = 1 b = 2\n": "1:7 a: the value ends before this: one key = value in a line",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_named_with_its_key_and_what_to_write(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse("f", text.encode())
    (problem,) = caught.value.problems
    said = problem.message.removeprefix("not valid TOML: ")
    assert f"{problem.line}:{problem.column} {said}".startswith(MISTAKES[text])
    assert problem.kind == "syntax"


@given(st.text(alphabet="[]{}=\"'\\\n ,ab1.#:_", max_size=60))
def test_whatever_is_wrong_has_a_place_in_the_text_and_shows_no_values(text: str) -> None:
    secret = f"{text}\nk = hunter2"
    try:
        tomllib.loads(secret)
    except tomllib.TOMLDecodeError:
        with pytest.raises(ConfigError) as caught:
            parse("f", secret.encode())
        (problem,) = caught.value.problems
        assert 1 <= problem.line <= secret.count("\n") + 1
        assert problem.column >= 1
        assert "hunter2" not in problem.message
