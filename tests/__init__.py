"""
Tests.

Those that try many cases have two extents: `make test` runs the short one, and `make fuzz` the full one.
"""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")

IS_FULL = os.environ.get("NOVASIM_TESTS") == "full"


def extent(short: T, full: T) -> T:
    """The short or the full extent of a test, such as a number of examples."""
    return full if IS_FULL else short


def part(cases: Iterable[T], nth: int) -> list[T]:
    """Every nth case in the short extent, all in the full one."""
    return list(cases)[:: extent(nth, 1)]


def each_case(names: str | Sequence[str], cases: Iterable[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """
    Run a test with each case, like `pytest.mark.parametrize`, but as one test, which reports every case that fails.

    A test of pytest costs several milliseconds, more than many cases take. All cases share the fixtures.
    """
    keys = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    rows = [dict(zip(keys, case if len(keys) > 1 else (case,), strict=True)) for case in cases]

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        def run(*instance: Any, **fixtures: Any) -> None:
            failures = []
            for row in rows:
                try:
                    test(*instance, **fixtures, **row)
                except Exception as error:  # noqa: BLE001, reported below
                    failures.append((row, error))
            report = "\n".join(f"{row}: {type(error).__name__}: {error}" for row, error in failures)
            if failures:
                raise AssertionError(f"{len(failures)} of {len(rows)} cases fail:\n{report}") from failures[0][1]

        assert rows, "no cases"
        signature = inspect.signature(test)
        rest = [each for each in signature.parameters.values() if each.name not in keys]
        wrapped = functools.wraps(test)(run)
        wrapped.__signature__ = signature.replace(parameters=rest)  # type: ignore[attr-defined]
        return wrapped

    return decorate
