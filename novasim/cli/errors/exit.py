"""Runs a command, and turns usage errors, interrupts and broken pipes into one line and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import click

from novasim.cli.help_option import WORDS

WRONG_USAGE = 2
LISTS = {  # the command that lists the values of an argument
    "server": "list",
    "action": "explain",
    "status": "explain",
    "address": "floating-ip list",
    "lesson": "lesson list",
}
ON_EXISTING = ("delete", "get", "load", "remove", "set", "show", "unset")  # commands of groups
INTERRUPTED = 130
NUMBERS = {  # the names of click's types, in words for users
    "integer.": "a whole number.",
    "integer range.": "a whole number.",
    "float.": "a number.",
    "float range.": "a number.",
    "seconds.": "a number of seconds, or a duration such as 5m.",
}


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
        _show_help_of_group(error)
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


def _show_help_of_group(error: click.exceptions.NoArgsIsHelpError) -> None:
    """Print the help of a group that was typed without a command, on stderr."""
    from novasim.cli.help_option import show_whole_summaries

    if error.ctx and isinstance(error.ctx.command, click.Group):
        show_whole_summaries(error.ctx, error.ctx.command)
        error = click.exceptions.NoArgsIsHelpError(error.ctx)
    error.show()


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
    ctx = error.ctx
    if ctx is None:
        return error.format_message()
    if isinstance(error, click.NoSuchOption):
        return _explain_unknown_option(error.option_name, ctx)
    if isinstance(error, click.BadOptionUsage) and error.message.endswith("requires an argument."):
        return _explain_missing_value(error.option_name, ctx)
    if isinstance(error, click.BadParameter):  # also a missing one
        return _explain_parameter(error)
    if isinstance(ctx.command, click.Group) and error.message.startswith("No such command"):
        return explain_unknown_command(ctx, [error.message.split("'")[1], *ctx.args])
    return error.format_message()


def _explain_parameter(error: click.BadParameter) -> str:
    if isinstance(error, click.MissingParameter):
        return _explain_missing_parameter(error)
    if error.param and isinstance(error.param.type, click.Choice):
        return _explain_bad_choice(error, error.param, list(map(str, error.param.type.choices)))
    return _explain_bad_number(error.format_message())


def _explain_bad_choice(error: click.BadParameter, param: click.Parameter, choices: list[str]) -> str:
    """Name the option or argument, the value, and similar choices or all of them."""
    from novasim.suggestions import suggest_names

    value, middle, _ = error.message.partition(" is not one of ")
    if not middle:
        return error.format_message()
    option = max(param.opts, key=len) if isinstance(param, click.Option) else ""
    typed = value.strip("'")
    problem = f"{option} cannot be {typed!r}" if option else f"There is no {param.name} {typed!r}"
    return f"{problem}.{suggest_names(typed, choices)}"


def _explain_bad_number(message: str) -> str:
    """Say in plain words what click calls a valid integer range, and so on."""
    problem, middle, kind = message.partition(" is not a valid ")
    return f"{problem} is not {NUMBERS[kind]}" if middle and kind in NUMBERS else message


def find_command_context(ctx: click.Context) -> click.Context:
    """The context of the command that the words of the command line name, for an error that click raises without it."""
    for word in ctx.meta.get(WORDS, ()):
        if not isinstance(ctx.command, click.Group):
            break
        if command := ctx.command.get_command(ctx, word):
            ctx = click.Context(command, info_name=word, parent=ctx)
    return ctx


def _explain_missing_value(name: str, ctx: click.Context) -> str:
    """Say that an option needs a value, and name its choices or the command that lists its values."""
    param = next((param for param in ctx.command.get_params(ctx) if name in param.opts), None)
    choices = param.type.choices if param and isinstance(param.type, click.Choice) else ()
    hint = f" Choose from: {', '.join(map(str, choices))}." if choices else _explain_missing(param)
    return f"Option {name} needs a value.{hint}"


def _explain_missing_parameter(error: click.MissingParameter) -> str:
    """Name a missing argument or option, and its choices or the command that lists its values."""
    param = error.param
    if isinstance(param, click.Argument) and isinstance(param.type, click.Choice):
        return (
            f"Missing argument {(param.name or '').upper()!r}. Choose from: {', '.join(map(str, param.type.choices))}."
        )
    return error.format_message() + _explain_missing(param, error.ctx)


def _explain_missing(param: click.Parameter | None, ctx: click.Context | None = None) -> str:
    """A sentence with the command that lists the values of a missing one; "" if there is no such command."""
    from novasim.cli.catalog import CATALOG

    noun = ((param and param.name) or "").replace("_", "-")
    is_noun = any(noun in commands and commands[noun].target.startswith("nouns.") for _, commands in CATALOG)
    command = f"{noun} list" if is_noun else LISTS.get(noun, "")
    if not command and ctx and isinstance(param, click.Argument):
        command = _list_of_group(ctx)
    return f" To see the names: novasim {command}" if command else ""


def _list_of_group(ctx: click.Context) -> str:
    """The command that lists what a command of the same group acts on, such as `host list` for `host show`."""
    group = ctx.parent.command if ctx.parent else None
    is_root = ctx.parent is ctx.find_root()
    if is_root or not isinstance(group, click.Group) or ctx.info_name not in ON_EXISTING:
        return ""
    lister = next((name for name in ("list", "saves") if name in group.list_commands(ctx)), "")
    return f"{group.name} {lister}" if lister else ""


def _explain_unknown_option(name: str, ctx: click.Context) -> str:
    from novasim.cli.errors.option_synonyms import find_option_synonym
    from novasim.suggestions import ask_for_one, find_similar

    if line := find_option_synonym(" ".join(ctx.command_path.split()[1:]), name):
        return f"There is no option {name!r}. Use: {line}"
    if advice := _right_place(name, ctx):
        return f"There is no option {name!r} here. {advice}"
    operands = [param for param in ctx.command.params if isinstance(param, click.Argument)]
    if any(name.lstrip("-") in (param.name, (param.name or "").removesuffix("s")) for param in operands):
        usage = " ".join(ctx.command.collect_usage_pieces(ctx))
        return f"There is no option {name!r}. It is an argument: {ctx.command_path} {usage}"
    options = [option for param in ctx.command.get_params(ctx) for option in (*param.opts, *param.secondary_opts)]
    names = [option[2:] for option in options if option.startswith("--")]  # without the dashes, which all have
    similar = [f"--{each}" for each in find_similar(name.lstrip("-"), names)] if name.startswith("--") else []
    return f"There is no option {name!r}.{ask_for_one(similar)}"


def explain_unknown_command(ctx: click.Context, words: list[str]) -> str:
    """
    Say that there is no such command, and which may be meant.

    Args:
        words: The words after those of the context's command.
    """
    from novasim.cli.errors.synonyms import find_synonym
    from novasim.suggestions import did_you_mean, suggest_names

    group = ctx.command_path.split()[1:]
    known = ctx.command.list_commands(ctx) if isinstance(ctx.command, click.Group) else []
    if synonym := find_synonym([*group, *words]):
        return f"There is no command {synonym[0]!r}. {synonym[1]}"
    hint = suggest_names(words[0], known) if group else did_you_mean(words[0], known)
    return f"There is no command {' '.join([*group, words[0]])!r}.{hint}"


def _right_place(option: str, ctx: click.Context) -> str:
    """A sentence with the right place of a misplaced global option or output option; "" for other options."""
    if ctx.parent is None:
        return "Output options go after the command." if option in OUTPUT_OPTIONS else ""
    known = [name for param in ctx.find_root().command.params for name in param.opts]
    return f"It goes before the command: novasim {option} ... {ctx.command.name}" if option in known else ""


OUTPUT_OPTIONS = ("-f", "--format", "-c", "--column", "-q", "--quiet")
