"""``aggregator man``: the manual page, made of what every command says of itself."""

import re
from collections.abc import Iterator
from typing import Any

import typer

from aggregator import __version__

_EXITS = (
    ("0", "Done."),
    ("1", "Not done, or not all of it: what failed is named on standard error. Each command says what 1 means for it."),
    ("64", "Wrong usage: a command, an option or a value that is none."),
    ("69", "Something that is needed is not there: a store, a daemon, an address to listen at."),
    ("75", "Another process does what only one may do, such as polling this store; or a daemon does not answer."),
    ("78", "The configuration is wrong; every mistake is shown with its place."),
    ("130", "Interrupted by Ctrl-C. The daemon drains instead, and exits with 0; a second Ctrl-C ends it with 130."),
)
_ENVIRONMENT = (
    ("AGGREGATOR_CONFIG", "The configuration file, where -c names none."),
    ("AGGREGATOR__SECTION__KEY", "Overrides a key of the configuration: AGGREGATOR__FETCH__TIMEOUT=90s."),
    ("NO_COLOR", "Without colours, when it is set to anything."),
)


def man(context: typer.Context) -> None:
    """Print the manual page.

    \b
    Examples:
      aggregator man | man -l -
      aggregator man > ~/.local/share/man/man1/aggregator.1
    """
    typer.echo("\n".join(manual(context.find_root().command)))


def manual(program: Any) -> Iterator[str]:
    """Yield the lines of the page of a program, in roff."""
    yield f'.TH AGGREGATOR 1 "" "aggregator {__version__}" "User Commands"'
    yield from (".SH NAME", r"aggregator \- a feed aggregator daemon")
    yield from (".SH SYNOPSIS", ".B aggregator", r"[\-\-version] [\-\-help]", ".I COMMAND", "[ARGS]")
    yield ".SH DESCRIPTION"
    yield from _paragraphs(program.help or "")
    yield ".SH COMMANDS"
    yield from _commands(program, "aggregator")
    yield ".SH EXIT STATUS"
    yield from (line for status, meaning in _EXITS for line in _item(status, meaning))
    yield ".SH ENVIRONMENT"
    yield from (line for name, meaning in _ENVIRONMENT for line in _item(name, meaning))
    yield ".SH FILES"
    yield from _item("config/aggregator.toml", "The configuration, unless -c or AGGREGATOR_CONFIG names another.")


def _commands(group: Any, above: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if getattr(command, "commands", None):
            yield from _commands(command, f"{above} {name}")
            continue
        arguments = " ".join(param.name.upper() for param in command.params if param.param_type_name == "argument")
        yield f'.SS "{_escaped(f"{above} {name} {arguments}".strip())}"'
        yield from _paragraphs(command.help or "")
        for param in command.params:
            if param.param_type_name == "option" and "--help" not in param.opts:
                yield from _item(", ".join([*param.opts, *param.secondary_opts]), param.help or "")


def _paragraphs(text: str) -> Iterator[str]:
    """Yield paragraphs; those after a \\b, as the library marks them, keep their lines."""
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        yield ".PP"
        if paragraph.startswith("\b"):
            yield from (".nf", *map(_escaped, paragraph.strip("\b\n").split("\n")), ".fi")
        else:
            yield _escaped(" ".join(paragraph.split()))


def _item(name: str, meaning: str) -> Iterator[str]:
    yield from (".TP", f".B {_escaped(name)}", _escaped(meaning) or r"\&")


def _escaped(text: str) -> str:
    r"""Return text that roff shows as it is: ``\`` and ``-`` mean something, and so does a dot that begins a line."""
    text = text.replace("\\", r"\e").replace("-", r"\-").replace("…", "...")
    return rf"\&{text}" if text.startswith((".", "'")) else text
