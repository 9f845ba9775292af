"""The rules that a cloud has for the passwords of guests: the option password_pattern, which is not one of Nova's."""

from __future__ import annotations

from typing import Any

from novasim.simulation.world import World


def refusal_args(world: World, password: str | None) -> dict[str, Any]:
    """Arguments of a task: nothing for a generated password (None), or for one that matches the rules."""
    return {} if password is None or is_accepted(world, password) else {"password_refused": True}


def is_accepted(world: World, password: str) -> bool:
    """Whether a password matches the expression of the option; without the option every one does."""
    from novasim.regex import TooComplex, compile_search

    try:
        return compile_search(str(world.option("password_pattern")))(password)
    except TooComplex:  # on this password
        return False
