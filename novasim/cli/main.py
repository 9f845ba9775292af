"""The command `novasim`: global options, lazily imported commands, and the one place that catches errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from novasim import __version__
from novasim.cli.catalog import CATALOG
from novasim.cli.errors.exit import INTERRUPTED, discard_stdout, print_error, run_command
from novasim.cli.help_option import WORDS, add_help_option
from novasim.errors import NovasimError


class LazyGroup(click.Group):
    """The group of all commands. They are listed in CATALOG and imported when used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for _, commands in CATALOG for name in commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for _, commands in CATALOG:
            if cmd_name in commands:
                return commands[cmd_name].load(cmd_name)
        return None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and self.get_command(ctx, args[0]) is None:
            from novasim.cli.errors.exit import explain_unknown_command

            ctx.fail(explain_unknown_command(ctx, args))
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[WORDS] = tuple(args)
        if not args and not ctx.resilient_parsing:
            from novasim.cli.first_screen import print_first_screen

            print_first_screen()
            ctx.exit()
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        helps = {name: entry.help for _, commands in CATALOG for name, entry in commands.items()}
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [
            CompletionItem(name, help=text) for name, text in helps.items() if name.startswith(incomplete)
        ] + options

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, commands in CATALOG:
            with formatter.section(title):
                formatter.write_dl([(name, entry.help) for name, entry in commands.items()])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from novasim.cli.environment import ENVIRONMENT

        with formatter.section("Environment"):
            formatter.write_dl(list(ENVIRONMENT.items()))

    def main(self, args: Sequence[str] | None = None, *rest: Any, standalone_mode: bool = True, **more: Any) -> Any:
        args = list(sys.argv[1:] if args is None else args)
        if not standalone_mode:
            return super().main(args, *rest, standalone_mode=False, **more)  # type: ignore[call-overload]
        run: Any = super().main
        code = run_command(lambda: _run_again(lambda: run(list(args), *rest, standalone_mode=False, **more)))
        if "NOVASIM_LESSON" in os.environ and args[:1] != ["lesson"]:
            from novasim.cli.lessons.feedback import report_progress

            report_progress()
        sys.exit(code)

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **more: Any) -> click.Context:
        try:
            return self._make_context(info_name, args, *rest, **more)
        except click.BadOptionUsage as error:  # of a global option
            error.ctx = error.ctx or click.Context(self, info_name=info_name)
            raise

    def _make_context(self, info_name: str | None, args: list[str], *rest: Any, **more: Any) -> click.Context:
        if any(not _is_text(word) for word in args):
            raise click.UsageError("The command line is not valid text in this locale's encoding (usually UTF-8).")
        return super().make_context(info_name, args, *rest, **more)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except NovasimError as error:
            from novasim.cli.errors.report import report_error

            report_error(ctx.obj, error)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            print_error("interrupted; accepted requests continue.")
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            discard_stdout()
            ctx.exit(0)
        except click.BadOptionUsage as error:
            from novasim.cli.errors.exit import find_command_context

            error.ctx = error.ctx or find_command_context(ctx)
            raise
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except OSError as error:
            has_no_folder = isinstance(error, FileNotFoundError) and not error.filename
            where = error.filename or ("the current folder" if has_no_folder else "the output")
            print_error(f"{where}: {error.strerror or error}")
            ctx.exit(1)
        except Exception as error:
            if os.environ.get("NOVASIM_TRACEBACK") or _begins_again(error):
                raise
            from novasim.cli.errors.report import find_damage, report_error

            if damage := find_damage(ctx.obj):
                report_error(ctx.obj, damage)
                ctx.exit(damage.exit_code)
            reason = f"{type(error).__name__}: {error}"
            print_error(f"internal error: {reason} (for a traceback, set NOVASIM_TRACEBACK=1)")
            ctx.exit(1)


def _run_again(run: Callable[[], Any]) -> Any:
    """Run a command, and once again if another process has created its cloud meanwhile."""
    try:
        return run()
    except Exception as error:
        if not _begins_again(error):
            raise
        return run()


def _begins_again(error: Exception) -> bool:
    """Whether the command has to begin again after an exception."""
    from novasim.store.errors import CreatedMeanwhile

    return isinstance(error, CreatedMeanwhile)


def _command_words(ctx: click.Context) -> tuple[str, ...]:
    """The words of the command line from the command on, without the global options."""
    words = ctx.meta[WORDS]
    return words[words.index(ctx.invoked_subcommand) :] if ctx.invoked_subcommand in words else ()


def _is_text(word: str) -> bool:
    """Whether Python could decode a word of the command line; bytes that it could not decode are surrogates."""
    return not any("\ud800" <= letter <= "\udfff" for letter in word)


@click.group(cls=LazyGroup, context_settings={"max_content_width": 120})
@click.option(
    "--cloud",
    "path",
    envvar="NOVASIM_CLOUD",
    metavar="PATH",
    help="The cloud: a file, a database, or http://HOST:PORT[/NAME].",
)
@click.option(
    "--as",
    "who",
    envvar="NOVASIM_AS",
    default="demo",
    metavar="USER[@PROJECT]",
    help="The caller: demo by default; admin is the administrator.",
)
@click.option(
    "--api-version",
    "pinned",
    envvar="NOVASIM_API_VERSION",
    metavar="2.N",
    help="Use this microversion of Nova's API for all requests.",
)
@click.option(
    "--show-request",
    is_flag=True,
    help="Print each request on stderr as a curl command.",
)
@click.option("--at", type=int, metavar="N", help="Show the cloud as it was after entry N of its record.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="When to use colours.")
@click.version_option(__version__, prog_name="novasim")
@add_help_option
@click.pass_context
def cli(
    ctx: click.Context,
    path: str | None,
    who: str,
    pinned: str | None,
    show_request: bool,
    at: int | None,
    color: str,
) -> None:
    """
    The whole life of an OpenStack Nova server, on one laptop, with no cloud.

    Nova is the part of OpenStack that creates and runs servers, which are virtual machines. novasim enforces Nova's
    rules but runs no server: its cloud is one file, created by the first change. See 'novasim demo' for a
    demonstration, 'novasim manual tutorial' for a tutorial, and 'novasim COMMAND --help' for help on a command.

    Example: novasim create web1 --flavor m1.tiny --image cirros --wait
    """
    from novasim.cli.sessions import create_session
    from novasim.render.colour import set_colour_mode

    set_colour_mode(color)
    ctx.color = {"always": True, "never": False}.get(color, False if os.environ.get("NO_COLOR") else None)
    ctx.obj = create_session(path, who, None, show_request)
    ctx.obj.variables = _find_variables(ctx)
    ctx.obj.pin(pinned)
    ctx.obj.at = at
    ctx.obj.words = _command_words(ctx)
    if ctx.get_parameter_source("path") is click.core.ParameterSource.COMMANDLINE:
        if not path:
            raise click.UsageError("--cloud is empty. Name a cloud, or leave the option out.", ctx)
        ctx.obj.global_options = ("--cloud", _hide_passwords(ctx.obj.named_cloud))


def _hide_passwords(address: str) -> str:
    """An address for messages. The path of a file needs no import."""
    if ":" not in address and "=" not in address:
        return address
    from novasim.store.addresses import hide_passwords

    return hide_passwords(address)


def _find_variables(ctx: click.Context) -> dict[str, str]:
    """The environment variables that set global options, and their values."""
    environment = click.core.ParameterSource.ENVIRONMENT
    return {
        str(param.envvar): str(ctx.params[param.name])
        for param in ctx.command.params
        if param.name and ctx.get_parameter_source(param.name) is environment
    }


def main() -> None:
    """The console script. If its output is closed, as in some services, it writes to the null device."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if "_NOVASIM_COMPLETE" in os.environ:
        from novasim.cli.shell.scripts import register_shells

        register_shells()
    cli(prog_name="novasim")
