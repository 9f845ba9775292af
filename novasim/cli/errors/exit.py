"""How a command ends: every wrong use, interruption and broken pipe as one line and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import click

WRONG_USE = 2
INTERRUPTED = 130


def ended(run: Callable[[], Any]) -> int:
    """
    Run a command to its end.

    Returns:
        Its exit code. Errors of novasim itself are told by the command group, which knows the session.
    """
    write_what_can_be_written()
    code: Any = 0
    try:
        code = run()
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return WRONG_USE
    except click.ClickException as error:
        _say([_usage(error), *_see(error)] if isinstance(error, click.UsageError) else [error.format_message()])
        return error.exit_code
    except click.Abort:
        _say(["interrupted; nothing was changed."])
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):  # the latter is how Click ends when nobody reads its help
        discard_stdout()
        return 0
    except OSError as error:
        discard_stdout()
        if not code:  # else it has been told
            _say([f"the output: {error.strerror or error}"])
        return 1
    return code if isinstance(code, int) else 0


def write_what_can_be_written() -> None:
    """Letters that the output's encoding does not have are written as escapes."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    if not encoding.startswith("utf") and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")


def discard_stdout() -> None:
    """The reader of the output has gone: let what is still to be written vanish without complaint."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(lines: list[str]) -> None:
    first, *rest = lines
    click.echo("novasim: " + " ".join(first.split()), err=True)
    for line in rest:
        click.echo("  " + line, err=True)


def _usage(error: click.UsageError) -> str:
    from novasim.suggestions import did_you_mean

    message, ctx = error.format_message(), error.ctx
    if ctx is None:
        return message
    if isinstance(error, click.NoSuchOption) and (place := _misplaced(error.option_name, ctx)):
        return f"No such option '{error.option_name}' here. {place}"
    if "Did you mean" in message:
        return message
    if isinstance(error, click.BadParameter) and error.param and isinstance(error.param.type, click.Choice):
        return message + did_you_mean(error.message.split("'")[1], map(str, error.param.type.choices))
    if isinstance(ctx.command, click.Group) and message.startswith("No such command"):
        return message + did_you_mean(message.split("'")[1], ctx.command.list_commands(ctx))
    return message


def _misplaced(option: str, ctx: click.Context) -> str:
    """Global options stand before the command, output options after it; people mix that up."""
    if ctx.parent is None:
        return "Options for the output stand after the command." if option in AFTER else ""
    known = [name for param in ctx.find_root().command.params for name in param.opts]
    return f"It stands before the command: novasim {option} ... {ctx.command.name}" if option in known else ""


AFTER = ("-f", "--format", "-c", "--column", "-q", "--quiet")


def _see(error: click.UsageError) -> list[str]:
    return [f"See: {error.ctx.command_path} --help"] if error.ctx is not None else []
