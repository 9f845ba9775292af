"""Runs a command, and turns usage errors, interrupts and broken pipes into one line and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import click

WRONG_USAGE = 2
INTERRUPTED = 130


def run_command(run: Callable[[], Any]) -> int:
    """
    Run a command and return its exit code.

    Errors of novasim are reported by the command group, which knows the session.
    """
    escape_unencodable_output()
    code: Any = 0
    try:
        code = run()
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return WRONG_USAGE
    except click.ClickException as error:
        print_error(*(_usage_lines(error) if isinstance(error, click.UsageError) else [error.format_message()]))
        return error.exit_code
    except click.Abort:
        print_error("interrupted; nothing was changed.")
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):  # Click raises SystemExit if the pipe breaks while it prints its help
        discard_stdout()
        return 0
    except OSError as error:
        discard_stdout()
        if not code:  # otherwise the error has been reported
            print_error(f"the output: {error.strerror or error}")
        return 1
    return code if isinstance(code, int) else 0


def escape_unencodable_output() -> None:
    """Write characters that the output's encoding does not have as escapes; in Unicode, halves of surrogate pairs."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")


def discard_stdout() -> None:
    """Discard the rest of the output, because the reader has closed the pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_error(text: str, *advice: str) -> None:
    """Print an error in one line on stderr, and advice in indented lines below it."""
    from novasim.render.output import print_message

    print_message("novasim: " + " ".join(text.split()))
    for line in advice:
        print_message("  " + line)


def _usage_lines(error: click.UsageError) -> list[str]:
    """The error, and the command that shows help."""
    return [_usage_message(error), *([f"See: {error.ctx.command_path} --help"] if error.ctx else [])]


def _usage_message(error: click.UsageError) -> str:
    from novasim.suggestions import did_you_mean

    message, ctx = error.format_message(), error.ctx
    if ctx is None:
        return message
    if isinstance(error, click.NoSuchOption) and (advice := _right_place(error.option_name, ctx)):
        return f"No such option '{error.option_name}' here. {advice}"
    if "Did you mean" in message:
        return message
    if isinstance(error, click.BadParameter) and error.param and isinstance(error.param.type, click.Choice):
        return message + did_you_mean(error.message.split("'")[1], map(str, error.param.type.choices))
    if isinstance(ctx.command, click.Group) and message.startswith("No such command"):
        return message + did_you_mean(message.split("'")[1], ctx.command.list_commands(ctx))
    return message


def _right_place(option: str, ctx: click.Context) -> str:
    """Where an option belongs, if it is a global option after the command or an output option before it."""
    if ctx.parent is None:
        return "Output options go after the command." if option in OUTPUT_OPTIONS else ""
    known = [name for param in ctx.find_root().command.params for name in param.opts]
    return f"It goes before the command: novasim {option} ... {ctx.command.name}" if option in known else ""


OUTPUT_OPTIONS = ("-f", "--format", "-c", "--column", "-q", "--quiet")
