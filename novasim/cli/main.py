"""The command `novasim`: global options, commands imported when first used, and the one place that catches errors."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click

from novasim import __version__
from novasim.cli.catalog import CATALOG
from novasim.errors import NovasimError

INTERRUPTED = 130


class Catalogued(click.Group):
    """A group whose commands are listed in a table and imported one by one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for _, commands in CATALOG for name in commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for _, commands in CATALOG:
            if cmd_name in commands:
                module, _, name = commands[cmd_name].where.partition(":")
                found = getattr(import_module(f"novasim.cli.{module}"), name)
                return found(cmd_name) if commands[cmd_name].made else found
        return None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and self.get_command(ctx, args[0]) is None:
            import difflib

            near = difflib.get_close_matches(args[0], self.list_commands(ctx), 3)
            hint = f" Did you mean {', '.join(near)}?" if near else " See 'novasim --help'."
            ctx.fail(f"There is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, commands in CATALOG:
            with formatter.section(title):
                formatter.write_dl([(name, entry.help) for name, entry in commands.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except NovasimError as error:
            from novasim.cli.refusals import tell

            tell(ctx.obj, error)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("novasim: interrupted; what was accepted goes on.", err=True)
            ctx.exit(INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if os.environ.get("NOVASIM_TRACEBACK"):
                raise
            click.echo(f"novasim: internal fault: {type(error).__name__}: {error}", err=True)
            ctx.exit(1)


@click.group(cls=Catalogued, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.option("--cloud", "path", envvar="NOVASIM_CLOUD", metavar="PATH", help="The cloud file. [env: NOVASIM_CLOUD]")
@click.option(
    "--as",
    "who",
    envvar="NOVASIM_AS",
    default="demo",
    metavar="USER[@PROJECT]",
    help="Who asks; demo by default. [env: NOVASIM_AS]",
)
@click.option(
    "--api-version",
    "version",
    envvar="NOVASIM_API_VERSION",
    metavar="2.N",
    help="Pin the compute microversion. [env: NOVASIM_API_VERSION]",
)
@click.option("--show-request", is_flag=True, help="Print each request as a curl command on stderr.")
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colours. NO_COLOR counts."
)
@click.version_option(__version__, prog_name="novasim")
@click.pass_context
def cli(ctx: click.Context, path: str | None, who: str, version: str | None, show_request: bool, color: str) -> None:
    """
    The whole life of an OpenStack Nova server, on one laptop, with no cloud.

    Every precondition that Nova documents is enforced; the simulated cloud is one file. Also read:
    NOVASIM_CLOCK (real, manual, instant), NOVASIM_SEED.
    """
    from novasim.cli.session import Session
    from novasim.render.colour import choose

    choose(color)
    ctx.obj = Session(path, who, version, show_request)


def main() -> None:
    """The console script."""
    try:
        cli(prog_name="novasim")
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
