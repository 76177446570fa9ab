"""Every key and element of TOML is found where it stands, whatever the notation."""

import json
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.settings.positions import KeyPath, line_column, spans

SCALARS = (
    *("1", "-0.5", "true", "1979-05-27 07:32:00Z", "0xdead_beef", "inf", "07:32:00"),
    *('"a # [b] {c} = \\" , "', "'C:\\ # \"x\"'", '""', "''", '"""one\n"two" \\"""\n]#"""', "'''it's\n''x'''"),
    *('""""quoted""""', '"""tail"""""', "'''tail'''''", '""""""', "''''''"),
)
BLANKS = st.sampled_from(["", " ", "\n", ' # note ] } = "\n', "\r\n\t", "\n\n"])
SPACES = st.sampled_from(["", " ", "\t "])
NAMES = st.sampled_from(["a", "b-1", "c_", "8", "feeds", "é", "x.y", 'q"', "sp ace", "#", "back\\slash", ""])


@st.composite
def keys(draw: st.DrawFn, name: str) -> str:
    forms = [json.dumps(name, ensure_ascii=draw(st.booleans()))]
    if "'" not in name:
        forms.append(f"'{name}'")
    if name and name.isascii() and name.replace("-", "").replace("_", "").isalnum():
        forms.append(name)
    return draw(st.sampled_from(forms))


@st.composite
def values(draw: st.DrawFn, depth: int = 2) -> str:
    kind = draw(st.sampled_from(("scalar", "scalar", "array", "inline"))) if depth else "scalar"
    if kind == "scalar":
        return draw(st.sampled_from(SCALARS))
    items: list[str] = []
    if kind == "array":
        for _ in range(draw(st.integers(0, 3))):
            items.append(f"{draw(BLANKS)}{draw(values(depth - 1))}{draw(BLANKS)}")  # noqa: PERF401
        trailing = draw(st.sampled_from((",", ""))) if items else ""
        return f"[{','.join(items)}{trailing}{draw(BLANKS)}]"
    for name in draw(st.lists(NAMES, unique=True, max_size=3)):
        items.append(f"{draw(SPACES)}{draw(pairs(name, depth - 1))}{draw(SPACES)}")  # noqa: PERF401
    return f"{{{','.join(items)}}}"


@st.composite
def pairs(draw: st.DrawFn, name: str, depth: int = 2) -> str:
    names = [name, *draw(st.lists(NAMES, max_size=2))]  # a dotted key where there are several
    dotted = f"{draw(SPACES)}.{draw(SPACES)}".join([draw(keys(part)) for part in names])
    return f"{dotted}{draw(SPACES)}={draw(SPACES)}{draw(values(depth))}"


@st.composite
def documents(draw: st.DrawFn) -> str:
    lines = [draw(BLANKS)]
    names = draw(st.lists(NAMES, unique=True, max_size=8))
    cut, cut_again = sorted((draw(st.integers(0, len(names))), draw(st.integers(0, len(names)))))
    lines += [draw(SPACES) + draw(pairs(name)) + " # end\n" for name in names[:cut]]
    for name in names[cut:cut_again]:
        header = draw(keys(name))
        lines.append(f"{draw(SPACES)}[{draw(SPACES)}{header}{draw(SPACES)}]{draw(BLANKS)}\n{draw(body())}")
        lines.append(f"[{header}.zz]\n{draw(body())}")
    for name in names[cut_again:]:
        header = draw(keys(name))
        for _ in range(draw(st.integers(1, 3))):
            lines.append(f"[[{draw(SPACES)}{header} ]]#]\n{draw(body())}[ {header} . zz ]\n{draw(body())}")
            lines.append(f"[[{header}.'z z']]\n{draw(body())}" * draw(st.integers(0, 2)))
    return "".join(lines)


@st.composite
def body(draw: st.DrawFn) -> str:
    names = draw(st.lists(NAMES, unique=True, max_size=3))
    return "".join([f"{draw(pairs(name))}{draw(SPACES)}\n{draw(BLANKS)}\n" for name in names])


def paths(value: Any, above: KeyPath = ()) -> dict[KeyPath, Any]:
    found = {above: value} if above else {}
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        found |= paths(child, (*above, key))
    return found


@given(documents())
def test_every_path_of_the_parsed_document_is_found_where_it_stands(text: str) -> None:
    expected = paths(tomllib.loads(text))
    found = spans(text)
    assert found.keys() == expected.keys()
    for path, span in found.items():
        if isinstance(path[-1], str):
            assert text.startswith(_forms(path[-1]), span.key), path
        is_element = isinstance(path[-1], int) and (not isinstance(expected[path], dict) or text[span.value] == "{")
        if is_element or span.value != span.key:
            assert repr(tomllib.loads(f"v = {text[span.value : span.end]}")["v"]) == repr(expected[path])


def _forms(name: str) -> tuple[str, ...]:
    return (name or '""', f"'{name}'", json.dumps(name), json.dumps(name, ensure_ascii=False))


def test_lines_and_columns_count_from_one_in_characters() -> None:
    text = 'a = "é" # ü\r\n[b]\r\n  "ß" = {c = [1,\n 22]}'
    places = {path: line_column(text, span.value) for path, span in spans(text).items()}
    assert places == {
        ("a",): (1, 5),
        ("b",): (2, 2),
        ("b", "ß"): (3, 9),
        ("b", "ß", "c"): (3, 14),
        ("b", "ß", "c", 0): (3, 15),
        ("b", "ß", "c", 1): (4, 2),
    }


@pytest.mark.parametrize("text", ["", "\n", "# only a comment", "a = 1"])
def test_a_file_may_end_anywhere(text: str) -> None:
    assert len(spans(text)) == len(tomllib.loads(text))
