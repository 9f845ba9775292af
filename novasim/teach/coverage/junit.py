"""A report on coverage in the XML format of JUnit, for continuous integration."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TextIO

from novasim.teach.coverage.items import TITLES
from novasim.teach.coverage.summary import MET, MISSING, Coverage, Result


def write_junit(coverage: Coverage, out: TextIO) -> None:
    """A suite for each figure. What is missing of what the script uses has failed; other items are skipped."""
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="novasim coverage">\n')
    for name in TITLES:
        out.writelines(f"{line}\n" for line in _list_suite(name, coverage.select(name)))
    out.write("</testsuites>\n")


def _list_suite(name: str, results: list[Result]) -> Iterator[str]:
    failures = sum(each.state == MISSING for each in results)
    skipped = sum(each.state not in (MET, MISSING) for each in results)
    counts = f'tests="{len(results)}" failures="{failures}" errors="0" skipped="{skipped}"'
    yield f'<testsuite name="{name}" {counts}>'
    for each in results:
        case = f'<testcase classname="{name}" name={_quote(str(each.item))}'
        yield f"{case}/>" if each.state == MET else f"{case}>{_describe_outcome(each)}</testcase>"
    yield "</testsuite>"


def _describe_outcome(result: Result) -> str:
    if result.state == MISSING:
        return '<failure message="never met"/>'
    return f"<skipped message={_quote(result.reason or 'not used')}/>"


def _quote(text: str) -> str:
    """The value of an attribute. `xml.sax.saxutils` has the same, but its import brings an HTTP client."""
    return f'"{escape(text)}"'.replace("\n", "&#10;")
