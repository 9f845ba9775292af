"""The report of `novasim run`, as text and as JUnit's XML."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree  # nosec B405 # it only writes XML

from novasim.records.entry import Entry

FAILURE = "failure"  # the event of a task that has failed
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def describe_run(code: int, entries: Sequence[Entry]) -> Iterator[str]:
    """The lines of the report: how the script ended, what was refused and why, and what has failed afterwards."""
    requests = _select_requests(entries)
    refused = [entry for entry in requests if entry.is_refusal]
    accepted = len(requests) - len(refused)
    yield f"novasim: the script ended with {code}; requests accepted: {accepted}, refused: {len(refused)}"
    for entry in refused:
        yield f"  {entry.code} {describe_request(entry)}: {entry.message}"
    for entry in entries:
        if entry.event == FAILURE:
            yield f"  failed: {describe_request(entry)}: {entry.message}"


def _select_requests(entries: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.kind == "request"]


def describe_request(entry: Entry) -> str:
    """A request in a few words: its action and server, or its method and path."""
    if entry.action:
        return f"{entry.action} {entry.name or entry.server}".rstrip()
    return f"{entry.method} {entry.service}{entry.path}"


def build_junit(command: Sequence[str], code: int, entries: Sequence[Entry]) -> bytes:
    """
    A test suite with one test case for the script, which fails unless its exit code is 0, and one for each request.

    A refused request is a skipped test case: a script may expect it.
    """
    script, requests = shlex.join(command), _select_requests(entries)
    refused = sum(entry.is_refusal for entry in requests)
    counts = {"tests": str(len(requests) + 1), "failures": str(int(code != 0)), "skipped": str(refused), "errors": "0"}
    suite = ElementTree.Element("testsuite", {"name": "novasim run", **counts})
    case = ElementTree.SubElement(suite, "testcase", {"classname": "script", "name": _clean(script)})
    report = _clean("\n".join(describe_run(code, entries)))
    if code:
        failure = ElementTree.SubElement(case, "failure", {"message": f"exit code {code}"})
        failure.text = report
    for entry in requests:
        attributes = {"classname": f"requests.{entry.interface or 'http'}", "name": _clean(describe_request(entry))}
        case = ElementTree.SubElement(suite, "testcase", attributes)
        if entry.is_refusal:
            ElementTree.SubElement(case, "skipped", {"message": _clean(f"{entry.code} {entry.message}")})
    ElementTree.SubElement(suite, "system-out").text = report
    return bytes(ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True)) + b"\n"


def _clean(text: str) -> str:
    """The text without characters that XML cannot have."""
    return _NOT_XML.sub("\ufffd", text)
