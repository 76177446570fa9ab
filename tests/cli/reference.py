"""The reference of the commands, from their --help; written anew by ``python -m tests.cli.reference``."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from aggregator.cli.main import app

PAGE = Path(__file__).parents[2] / "docs/reference/commands.md"
_HEAD = """# Commands

What `--help` says of each, on one page. Every command takes `-h`, `--help`. Exit statuses are as in `sysexits.h`, and
mean the same for every command:

{statuses}
"""
_SECTION = """
## `{name}`

```text
{usage} [OPTIONS]
```

{said}

| | default | meaning |
|---|---|---|
{rows}
"""
_SPECIAL = re.compile(r"([\\*_<>\[\]|])")
_STATUS = re.compile(r"(\d+) ([^,.]+)(?=, |\.)")


def page() -> str:
    """Return the page."""
    program = get_command(app)
    statuses = "\n".join(f"- `{number}` {meaning}" for number, meaning in _STATUS.findall(program.epilog or ""))
    return _HEAD.format(statuses=statuses) + "".join(_sections("aggregator", program))


def _sections(name: str, command: Any) -> Iterator[str]:
    """Yield what is said of a command, or of the commands of a group in the order of the alphabet."""
    if not hasattr(command, "commands"):
        yield _section(name, command)
        return
    for part, inner in sorted(command.commands.items()):
        if not inner.hidden:
            yield from _sections(f"{name} {part}", inner)


def _section(name: str, command: Any) -> str:
    usage = " ".join([name, *(_argument(each) for each in command.params if each.param_type_name == "argument")])
    said = "\n\n".join(_paragraph(part) for part in command.help.split("\n\n"))
    rows = "\n".join(_row(each) for each in command.params if not each.hidden)
    return _SECTION.format(name=name, usage=usage, said=said, rows=rows)


def _argument(parameter: Any) -> str:
    name = (parameter.metavar or parameter.name.upper()) + ("…" if parameter.nargs == -1 else "")
    return name if parameter.required else f"[{name}]"


def _paragraph(text: str) -> str:
    """Return a paragraph as Markdown; one that is to be shown as it stands is."""
    if not text.startswith("\b"):
        return _escaped(text)
    lines = text.removeprefix("\b\n").split("\n")
    head = f"{lines.pop(0)}\n\n" if lines[0].endswith(":") else ""
    return f"{head}```text\n" + "\n".join(line.removeprefix("  ") if head else line for line in lines) + "\n```"


def _row(parameter: Any) -> str:
    is_option = parameter.param_type_name == "option"
    names = [*parameter.opts, *parameter.secondary_opts] if is_option else [_argument(parameter)]
    shown = ", ".join(f"`{name}`" for name in names)
    return f"| {shown} | {_default(parameter)} | {_escaped(parameter.help or '')} |"


def _default(parameter: Any) -> str:
    if isinstance(parameter.show_default, str):
        return f"`{parameter.show_default}`"
    value = parameter.default
    return "" if parameter.required or value is None or value in ("", False, [], ()) else f"`{value}`"


def _escaped(text: str) -> str:
    """Return text that Markdown does not read as anything else; what is between backticks stays as it is."""
    parts = " ".join(text.split()).split("`")
    return "`".join(part if place % 2 else _SPECIAL.sub(r"\\\1", part) for place, part in enumerate(parts))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
