"""The refusal (501) of requests that are not simulated."""

from __future__ import annotations

from novasim.errors import NotSimulated

SAME_METHOD = 0.1  # added to the similarity of paths, which is between 0 and 1


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
    from difflib import SequenceMatcher

    matcher, nearest, best = SequenceMatcher(None, "", path), "", 0.0
    for other_method, other_path in simulated:
        bonus = SAME_METHOD if other_method == method else 0.0
        matcher.set_seq1(other_path)
        bounds = (matcher.real_quick_ratio, matcher.quick_ratio)  # upper bounds, in a fraction of the time
        if all(bound() + bonus >= best for bound in bounds) and (weight := matcher.ratio() + bonus) >= best:
            nearest, best = f"{other_method} {other_path}", weight
    return nearest
