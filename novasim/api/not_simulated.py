"""What is not simulated: the refusal (501) that says so, and names the nearest request that is."""

from __future__ import annotations

from novasim.errors import NotSimulated


def not_simulated(service: str, method: str, path: str, simulated: list[tuple[str, str]]) -> NotSimulated:
    """
    The refusal of a request that no route answers.

    Args:
        simulated: Method and path of the service's routes.
    """
    return NotSimulated(
        reason=f"{method} {path} of the {service} service is not simulated; the nearest that is: "
        f"{nearest(method, path, simulated)}."
    )


def nearest(method: str, path: str, simulated: list[tuple[str, str]]) -> str:
    """The most similar of the simulated requests; the same method counts a little more than the same path."""
    from difflib import SequenceMatcher

    def likeness(other: tuple[str, str]) -> float:
        return SequenceMatcher(None, other[1], path).ratio() + (0.1 if other[0] == method else 0.0)

    return " ".join(sorted(simulated, key=likeness)[-1])
