"""Options and arguments shared by many commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

import click

from novasim.cli.session import Session
from novasim.errors import UsageError
from novasim.render.formats import FORMATS

F = TypeVar("F", bound=Callable[..., Any])
RareOptions = Callable[[], Sequence[click.Option]]

pass_session = click.make_pass_decorator(Session)


class LazyCommand(click.Command):
    """
    A command whose rare options are built only when needed: for help, for completion, and for a command line with an
    option that is not one of the common ones. This keeps the start of all other command lines short.

    The decorator `rare_options` adds them.
    """

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._build_rare: RareOptions | None = getattr(self.callback, "build_rare", None)
        self._is_parsing = False

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not self._has_common_only(args):
            self._add_rare()
        self._is_parsing = True
        try:
            return super().parse_args(ctx, args)
        finally:
            self._is_parsing = False

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        if not self._is_parsing:
            self._add_rare()
        return super().get_params(ctx)

    def _has_common_only(self, args: list[str]) -> bool:
        common = {
            name for param in self.params if param.name != "help" for name in (*param.opts, *param.secondary_opts)
        }
        return all(word.partition("=")[0] in common for word in args if word.startswith("-"))

    def _add_rare(self) -> None:
        if self._build_rare:
            end = len(self.params) - (self.params[-1].name == "help")
            self.params[end:end] = self._build_rare()
            self._build_rare = None


def rare_options(build: RareOptions) -> Callable[[F], F]:
    """Add options to a LazyCommand. They are missing among the arguments of its function if they are not built."""

    def add(command: F) -> F:
        command.build_rare = build  # type: ignore[attr-defined]
        return command

    return add


def _remember(name: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    def callback(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
        session = ctx.find_object(Session)
        if session is not None:
            setattr(session, name, value)
            session.command = ctx
        return value

    return callback


def _remember_columns(ctx: click.Context, param: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
    columns = tuple(name for text in texts for name in (filter(None, text.split(",")) if "," in text else (text,)))
    _remember("columns")(ctx, param, columns)
    return columns


_quiet_option = click.option(
    "-q", "--quiet", is_flag=True, expose_value=False, callback=_remember("quiet"), help="Print only ids."
)
_column_option = click.option(
    "-c",
    "--column",
    "columns",
    multiple=True,
    expose_value=False,
    callback=_remember_columns,
    help="Show only this column, or these (comma-separated; may be repeated).",
)


def _format_option(more: Iterable[str] = ()) -> Callable[[F], F]:
    return click.option(
        "-f",
        "--format",
        "fmt",
        type=click.Choice([*FORMATS, *more]),
        default="table",
        expose_value=False,
        is_eager=True,
        callback=_remember("fmt"),
        help="Output format.",
        show_default=True,
    )


def output_options(command: F) -> F:
    """-f, -c and -q: the output format. The session keeps their values."""
    return output_options_with()(command)


def output_options_with(*formats: str) -> Callable[[F], F]:
    """The same, with more formats, which the command writes itself."""
    return lambda command: _format_option(formats)(_column_option(_quiet_option(command)))


class Seconds(click.FloatRange):
    """
    A number of seconds above 0, or at least 0, or a duration such as 5m.

    It cannot be "nan", with which a wait would never end.
    """

    name = "seconds"

    def __init__(self, may_be_zero: bool = False) -> None:
        super().__init__(min=0, min_open=not may_be_zero)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds: float = super().convert(_convert_unit(value), param, ctx)
        if not seconds >= 0:
            self.fail(f"{value!r} is not a number of seconds.", param, ctx)
        return seconds


def _convert_unit(value: Any) -> Any:
    """The seconds of a duration with a unit; any other value as it is."""
    if not isinstance(value, str) or value[-1:] not in ("s", "m", "h", "d"):
        return value
    from novasim.control.clock import parse_duration

    try:
        return parse_duration(value)
    except UsageError:
        return value


def waiting_options(command: F) -> F:
    """
    --wait and --timeout, passed on as one argument: *timeout* in seconds, or None without --wait.

    Raises:
        UsageError: --timeout without --wait.
    """

    @wraps(command)
    def with_timeout(*args: Any, wait: bool, timeout: float, **options: Any) -> Any:
        source = click.get_current_context().get_parameter_source("timeout")
        if source is click.core.ParameterSource.COMMANDLINE and not wait:
            raise UsageError("--timeout limits --wait, and --wait is missing.")
        return command(*args, timeout=timeout if wait else None, **options)

    for option in (
        click.option(
            "--timeout",
            type=Seconds(),
            default=600.0,
            show_default=True,
            help="Give up waiting after this many seconds of the cloud's time.",
        ),
        click.option("--wait", is_flag=True, help="Return when the action has ended."),
    ):
        with_timeout = option(with_timeout)
    return cast(F, with_timeout)


server_argument = click.argument("server", metavar="SERVER")


def parse_key_values(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """KEY=VALUE pairs as a mapping. BadParameter (exit code 2) names a text of another form."""
    pairs = {}
    for text in values:
        key, sign, value = text.partition("=")
        if not sign or not key:
            raise click.BadParameter(f"{text!r} is not of the form KEY=VALUE", ctx, param)
        pairs[key] = value
    return pairs


def collect_key_values(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> dict[str, str | list[str]]:
    """KEY=VALUE pairs as a mapping; the values of a repeated key are collected in a list."""
    collected: dict[str, list[str]] = {}
    for text in values:
        for key, value in parse_key_values(ctx, param, (text,)).items():
            collected.setdefault(key, []).append(value)
    return {key: many if len(many) > 1 else many[0] for key, many in collected.items()}


property_option = click.option(
    "--property",
    "properties",
    metavar="KEY=VALUE",
    multiple=True,
    callback=parse_key_values,
    help="Metadata item (may be repeated).",
)
