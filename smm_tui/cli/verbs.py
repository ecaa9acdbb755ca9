"""Click, bent to this program's contract: `--json` and `--data` after every verb, nouns imported when used."""

from __future__ import annotations

import importlib
import keyword
import sys
from collections.abc import Container, Mapping
from typing import Any, NoReturn

import click

from smm_tui.cli.session import Session
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _
from smm_tui.settings import CHOICES

pass_session = click.make_pass_decorator(Session)


class Verb(click.Command):
    """A command that takes the options which stand before or after every verb."""

    def __init__(self, *args: Any, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.params += _common_options()


class Noun(click.Group):
    """A group of verbs."""

    command_class = Verb

    def __init__(self, *args: Any, **attributes: Any) -> None:
        super().__init__(*args, **{"no_args_is_help": False, **attributes})
        self.params += _common_options()

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the verbs there are when one is unknown."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand:
            _no_such_verb(ctx, args[0], self.list_commands(ctx))


class LazyGroup(Noun):
    """A group whose members are imported when they are called. `members`: name -> (module, summary)."""

    def __init__(self, *args: Any, members: Mapping[str, tuple[str, str]], **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self._members = members

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All members, in the order they were declared."""
        return list(self._members)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a member: the object of its name in its module."""
        if cmd_name not in self._members:
            return None
        module = importlib.import_module(f"smm_tui.cli.{self._members[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name + "_" * keyword.iskeyword(cmd_name))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The members with their summaries, without importing any."""
        with formatter.section(_("Verbs")):
            formatter.write_dl([(name, _(summary)) for name, (_module, summary) in self._members.items()])


class Number(click.ParamType[int]):
    """A number from 1 to the largest that the database can hold."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number that was typed; a default is one already."""
        if not is_number(str(value)):
            self.fail(_("“{word}” is not a number from 1 upwards.").format(word=value), param, ctx)
        return int(value)


NUMBER = Number()


def is_number(word: str) -> bool:
    """Whether this is a whole number from 1 upwards that the database can hold."""
    return word.isascii() and word.isdecimal() and len(word) < 19 and int(word) > 0


def ids_from(values: tuple[str, ...], what: str) -> list[int]:
    """Numbers from arguments; `-` stands for those on standard input, separated by white space."""
    words = [word for value in values for word in (read_stdin().split() if value == "-" else [value])]
    if not words:
        raise InvalidInput(_("No {what} was given.").format(what=what), field=what)
    for word in words:
        if not is_number(word):
            raise InvalidInput(_("“{word}” is not the number of a {what}.").format(word=word, what=what), field=what)
    return list(dict.fromkeys(int(word) for word in words))


def _let_pass(_ctx: click.Context, _option: click.Parameter, value: bool) -> Container[str]:
    from smm_tui.services.guard import Anything

    return Anything() if value else ()


LET_PASS = click.option(
    "--let-pass",
    is_flag=True,
    callback=_let_pass,
    help=_("It is right although it looks like another client's; exactly these bytes may leave."),
)


def read_stdin() -> str:
    """All of standard input, as UTF-8."""
    if sys.stdin is None:  # closed by whoever started this program
        return ""
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise InvalidInput(
            _("Standard input is not UTF-8 text."), _("Convert it, for example with iconv -t UTF-8.")
        ) from error


def _common_options() -> list[click.Parameter]:
    return [
        click.Option(
            ["--json"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_use_json,
            help=_("Print one JSON document."),
        ),
        click.Option(
            ["--data"],
            metavar="DIR",
            expose_value=False,
            is_eager=True,
            callback=_use_data,
            help=_("Where everything lives; SMM_TUI_DATA says the same."),
        ),
        click.Option(
            ["--debug-http"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_debug_http,
            help=_("Log every call to a network, without secrets, to http.log in the data folder."),
        ),
    ]


def line_option() -> click.Option:
    """What every verb that draws on the terminal takes, and the program without a verb."""
    return click.Option(
        ["--line"],
        type=click.Choice(CHOICES["line"]),
        expose_value=False,
        callback=_use_line,
        help=_("What the line to the terminal carries; slow: nothing by itself, no mouse, 256 colours at most."),
    )


def _use_line(ctx: click.Context, _option: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.ensure_object(Session).line = value


def _use_json(ctx: click.Context, _option: click.Parameter, value: bool) -> None:
    if value:
        ctx.ensure_object(Session).json = True


def _debug_http(ctx: click.Context, _option: click.Parameter, value: bool) -> None:
    if value:
        ctx.ensure_object(Session).debug_http = True


def _use_data(ctx: click.Context, _option: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.ensure_object(Session).data = value


def _no_such_verb(ctx: click.Context, word: str, verbs: list[str]) -> NoReturn:
    raise click.UsageError(
        _("There is no “{word}” here. There are: {verbs}.").format(word=word, verbs=", ".join(verbs)), ctx
    )
