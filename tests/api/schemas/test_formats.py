"""The string formats of request schemas."""

from __future__ import annotations

import pytest

from novasim.api.schemas.formats import FORMATS, has_wrong_format, parse_time
from tests import each_case

UUID = "11111111-1111-4111-8111-11111111111a"


GOOD = {
    "az_name": ["az1", "ünïcode zone"],
    "base64": ["", "aGVsbG8=", "aGVs\nbG8=", "aG*VsbG8="],
    "date-time": [
        "2026-02-05T10:11:12-03:30",
        "2026",
        "2026-02",
        "2026-2-5",
        "20260205",
        "2026-02-05T10",
        "2026-02-05 10:20",
        "2026-02-05T102030",
        "2026-02-05T10:20:30.123456789Z",
        "2026-02-05T10:20:30+05",
        "2026-02-05T10:20:30-0530",
    ],
    "ipv4": ["0.0.0.0", "192.0.2.1"],
    "ipv6": ["::", "2001:db8::1", "::ffff:192.0.2.1"],
    "name": ["", "a", "a b", "näme", "\u00ff", "a\n"],
    "name_with_leading_trailing_spaces": ["a", " a\u2003"],
    "printable": ["", " ", "a\u3000"],
    "regex": ["a", "^a.*$", "w*"],
    "uuid": [UUID, UUID.upper(), UUID.replace("-", ""), "{" + UUID + "}", "urn:uuid:" + UUID],
}


BAD = {
    "az_name": ["a:b", " a"],
    "base64": ["a", "aGVsbG8", "aGVsbG8é="],
    "date-time": [
        "",
        "bad",
        "202602",
        "2026-13-01",
        "2026-02-30",
        "2026-02-05T",
        "2026-02-05T25:00",
        "2026-02-05T10:00:60",
        "2026-02-05X10:00",
        "2026-02-05T10:00+99:00",
        "2026-02-05T10:00Z ",
        "\u0662026-02-05",
    ],
    "ipv4": ["", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "::1"],
    "ipv6": ["", "bad", "192.0.2.1", "fe80::1%eth0"],
    "name": [" ", "a ", "\u00a0a", "a\tb", "a\x00", "\n", "a\n\n", "\u200b", "\U0001f600"],
    "name_with_leading_trailing_spaces": ["", "  ", "a\tb"],
    "printable": ["\t", "a\x00", "\u2028", "\U0001f600"],
    "regex": ["", "(", "*", "bad["],
    "uuid": ["", "bad", UUID[:-1], UUID + "0", UUID.replace("a", "g"), UUID.replace("a", "\u0661")],
}


@each_case("name", sorted(FORMATS))
def test_formats_accept_and_reject_the_examples(name):
    assert [text for text in GOOD[name] if has_wrong_format(name, text)] == []
    assert [text for text in BAD[name] if not has_wrong_format(name, text)] == []
    assert not has_wrong_format(name, 5)
    assert not has_wrong_format(name, None)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-02", 86400),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1970-01-01T00:00:01.5", 1.5),
        ("1970-01-01T00:00:00.0000019Z", 0.000001),
        ("1969-12-31T22:00:00-0200", 0),
        ("1970-01-01T00:00:00-03:30", 12600),
    ],
)
def test_times_are_parsed_to_seconds(text, seconds):
    assert parse_time(text) == seconds


def test_times_are_parsed_as_by_iso8601():
    iso8601 = pytest.importorskip("iso8601")
    for text in GOOD["date-time"]:
        if not text.endswith("-0530"):  # Nova applies the sign of a time zone only to the hours
            assert parse_time(text) == iso8601.parse_date(text).timestamp(), text
