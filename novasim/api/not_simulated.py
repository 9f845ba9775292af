"""The refusal (501) of requests that are not simulated."""

from __future__ import annotations

from novasim.errors import NotSimulated


def not_simulated(service: str, method: str, path: str, simulated: list[tuple[str, str]]) -> NotSimulated:
    """
    The refusal of a request without a route. It names the most similar request that is simulated.

    Args:
        simulated: Method and path of the service's routes.
    """
    return NotSimulated(
        reason=f"{method} {path} of the {service} service is not simulated. The most similar request that is: "
        f"{find_nearest(method, path, simulated)}."
    )


def find_nearest(method: str, path: str, simulated: list[tuple[str, str]]) -> str:
    """Find the simulated request with the most similar path; the same method adds a little to the similarity."""
    from novasim.suggestions import similarity

    def weight(other: tuple[str, str]) -> float:
        return similarity(path, other[1]) + (0.1 if other[0] == method else 0.0)

    return " ".join(sorted(simulated, key=weight)[-1])
