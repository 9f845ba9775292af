"""The command lines of lessons: only commands of novasim, split without a shell, with files in the lesson's folder."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from novasim.suggestions import suggest_names
from novasim.teach.lessons.lesson import Command

PROGRAM = "novasim"
FOR_SHOW = re.compile(r"\s+#\s*for show\s*$")
SUBSTITUTION = re.compile(r"\$\(([^()]*)\)")
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
SHELL_SYNTAX = re.compile(r"[|&;<>`$]")
GLOBAL_OPTIONS = ("--as", "--api-version")
NETWORK_ADDRESS = re.compile(r"[0-9a-fA-F.:]+/[0-9]{1,3}")
# Commands that act outside the cloud of the lesson, need a terminal, or change the clock that the lesson has set.
FORBIDDEN = frozenset(
    (
        *("cloud", "serve", "dashboard", "completion", "help", "manual", "demo", "watch", "lesson", "quiz", "policy"),
        *("classroom", "run", "openstack", "report", "record", "undo", "redo", "coverage"),
    )
)
CLOCK_COMMANDS = ("show", "advance")


def parse_command(text: str, number: int, known: frozenset[str]) -> Command:
    """
    Parse a command line.

    Args:
        number: Its line in the file of the lesson.
        known: The names of all commands of novasim.

    Raises:
        ValueError: The line is not a command that lessons may have; the message says why.
    """
    must_fail = text.startswith("! ")
    line = text.removeprefix("! ").strip()
    for_show = bool(FOR_SHOW.search(line))
    line = FOR_SHOW.sub("", line)
    words = split_line(line)
    check_words(words, known)
    return Command(line, tuple(words), number, must_fail, for_show)


def split_line(line: str) -> list[str]:
    """
    The words of a command line after "novasim".

    A part $(novasim ...) stays in its word as it is, even if it contains blanks.

    Raises:
        ValueError: Another program, unbalanced quotation marks, control characters, or syntax that needs a shell.
    """
    if CONTROL.search(line):
        raise ValueError("A command line has no control characters.")
    parts = SUBSTITUTION.findall(line)
    bare = SUBSTITUTION.sub("\0", line)
    try:
        words = shlex.split(bare, comments=True)
    except ValueError:
        raise ValueError("A quotation mark is missing.") from None
    if SHELL_SYNTAX.search("".join(_unquoted(bare))):
        raise ValueError("Lessons have no shell: a line is one command, without pipes, redirections and variables.")
    if not words or words[0] != PROGRAM:
        raise ValueError(f"A command line begins with {PROGRAM}.")
    rest = iter(parts)
    return [re.sub("\0", lambda _: f"$({next(rest)})", word) for word in words[1:]]


def _unquoted(line: str) -> Iterator[str]:
    """The characters of a line outside quotation marks."""
    quote = ""
    for letter in line:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        else:
            yield letter


def check_words(words: list[str], known: frozenset[str]) -> None:
    """
    Check that the words are a command that lessons may have.

    Raises:
        ValueError: They are not; the message says why.
    """
    position = _find_command(words)
    if position == len(words):
        raise ValueError("The name of a command is missing.")
    name = words[position]
    if name not in known:
        raise ValueError(f"There is no command {name!r}.{suggest_names(name, sorted(known))}")
    if name in FORBIDDEN:
        raise ValueError(f"Lessons do not have the command {name}.")
    if name == "clock" and words[position + 1 : position + 2] not in ([each] for each in CLOCK_COMMANDS):
        raise ValueError(
            "Of the clock's commands, lessons have only show and advance. The field 'clock' sets its mode."
        )
    for word in words[position + 1 :]:
        _check_word(word, known, is_path=name == "request")


def _find_command(words: list[str]) -> int:
    """The position of the command after the global options."""
    position = 0
    while position < len(words) and words[position].startswith("-"):
        name, sign, _ = words[position].partition("=")
        if name not in GLOBAL_OPTIONS:
            raise ValueError(f"Before the command, lessons have only {' and '.join(GLOBAL_OPTIONS)}.")
        position += 1 if sign else 2
    return min(position, len(words))


def _check_word(word: str, known: frozenset[str], is_path: bool) -> None:
    """
    Check one word.

    Args:
        is_path: Whether a word that begins with "/" is the path of a request, and one that begins with "{" its body.
    """
    for inner in SUBSTITUTION.findall(word):
        check_words(split_line(inner), known)
    bare = SUBSTITUTION.sub("", word)
    if is_path and bare.startswith(("/", "{", "[")):
        return
    for part in (bare, bare.partition("=")[2]):
        if _leaves_folder(part):
            raise ValueError(f"{word!r} is outside the folder of the lesson. Files are named without a path.")


def _leaves_folder(text: str) -> bool:
    path = text.removeprefix("@")
    is_outside = (
        path.startswith(("/", "~", "\\")) or ".." in re.split(r"[/\\]", path) or re.match(r"[A-Za-z]:[\\/]", path)
    )
    return bool(is_outside) and not NETWORK_ADDRESS.fullmatch(path) and not path.startswith("/dev/vd")
