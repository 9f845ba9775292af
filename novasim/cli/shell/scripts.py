"""
Completion with TAB in bash, zsh and fish: the scripts for the shells, and the answers to them.

The scripts are Click's, rewritten so that names with spaces stay whole. The answers are Click's, too, with names from
the cloud and from the tables, except names with control characters. On an error they offer nothing, because a shell
cannot show it.
"""

from __future__ import annotations

from collections.abc import Iterable

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
)

from novasim.cli.shell.click_internals import resolve_context, resolve_incomplete
from novasim.cli.shell.parts import list_words
from novasim.errors import NovasimError
from novasim.render.output import escape_controls


class Completion(ShellComplete):
    """Click's completion, with values from the cloud where Click has none."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        ctx = resolve_context(self.cli, self.ctx_args, self.prog_name, args)
        target, incomplete = resolve_incomplete(ctx, args, incomplete)
        try:
            values = list_words(ctx, target, incomplete) if isinstance(target, click.Parameter) else None
            if values is None:
                return target.shell_complete(ctx, incomplete)
            return [CompletionItem(value) for value in _match(values, incomplete)]
        except NovasimError:
            return []


def _match(values: Iterable[str], typed: str) -> list[str]:
    """The values that begin with a text, or if there are none, those that do so in another case."""
    typeable = [value for value in values if value == escape_controls(value)]
    exact = [value for value in typeable if value.startswith(typed)]
    return exact or [value for value in typeable if value.lower().startswith(typed.lower())]


class Bash(Completion, BashComplete):
    """Bash, with quotes around names that it would split."""

    source_template = """\
%(complete_func)s() {
    local IFS=$'\\n' line kind value rest=${COMP_LINE:0:COMP_POINT} word part i
    local -a words=()
    # Bash splits words at "=", ":" and "@", too; join what no space separates.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $i -eq 0 || $rest == [[:space:]]* ]]; then
            rest=${rest#"${rest%%%%[![:space:]]*}"}
            words+=("$word")
        else
            words[${#words[@]}-1]+=$word
        fi
        rest=${rest#"$word"}
    done
    # Bash replaces only the last part, with an "@" before it. Click answers without the option of --option=value.
    word=${words[${#words[@]}-1]} part=${COMP_WORDS[COMP_CWORD]}
    [[ $part == [=:@]* ]] && part=
    part=${word%%"$part"}
    part=${part%%@}
    [[ $part == --*=* ]] && part=${part#*=}
    COMPREPLY=()
    while read -r line; do
        kind=${line%%%%,*} value=${line#*,}
        case $kind in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain)
                [[ $value == *= ]] && compopt -o nospace
                value=$(printf %%q "${value#"$part"}")
                COMPREPLY+=("${value//\\\\,/,}")
                ;;
        esac
    done < <(COMP_WORDS="${words[*]}" COMP_CWORD=$((${#words[@]} - 1)) %(complete_var)s=bash_complete "$1" 2>/dev/null)
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""

    def source(self) -> str:
        """The script, without the check of bash's version here: it is generated on one machine and used on others."""
        return ShellComplete.source(self)


class Zsh(Completion, ZshComplete):
    """Zsh, with descriptions, in our order; as a file in $fpath or sourced."""

    source_template = """\
#compdef %(prog_name)s

%(complete_func)s() {
    local -a answer plain open described
    local kind value help
    (( $+commands[%(prog_name)s] )) || return 1
    answer=("${(@f)$(COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) %(complete_var)s=zsh_complete \\
        %(prog_name)s 2>/dev/null)}")
    for kind value help in $answer; do
        case $kind/$help in
            dir/*) _path_files -/ ;;
            file/*) _path_files -f ;;
            plain/_) if [[ $value == *= ]]; then open+=("$value"); else plain+=("$value"); fi ;;
            plain/*) described+=("$value:$help") ;;
        esac
    done
    [[ $words[CURRENT] == --*=* ]] && compset -P 1 '*='
    (( $#described )) && _describe -V unsorted described
    (( $#plain )) && compadd -V unsorted -a plain
    (( $#open )) && compadd -V unsorted -S '' -a open
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""


class Fish(Completion, FishComplete):
    """Fish, with descriptions, in our order."""

    source_template = """\
function %(complete_func)s
    set -l option (string match -r -- '^--[^=]+=' (commandline -t))
    set -l answer (env %(complete_var)s=fish_complete COMP_WORDS=(commandline -cp | string collect) \\
        COMP_CWORD=(commandline -t | string collect) %(prog_name)s 2>/dev/null)
    for line in $answer
        set -l parts (string split -m 1 , -- $line)
        switch $parts[1]
            case dir
                __fish_complete_directories $parts[2]
            case file
                __fish_complete_path $parts[2]
            case plain
                echo "$option$parts[2]"
        end
    end
end

complete --no-files --keep-order --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


SHELLS: dict[str, type[ShellComplete]] = {"bash": Bash, "zsh": Zsh, "fish": Fish}


def scripts(command: click.Command) -> dict[str, str]:
    """The script for each shell. It runs novasim (*command*) when TAB is pressed."""
    return {name: kind(command, {}, "novasim", "_NOVASIM_COMPLETE").source() for name, kind in SHELLS.items()}


def register_shells() -> None:
    """Register these classes with Click."""
    for name, kind in SHELLS.items():
        add_completion_class(kind, name)
