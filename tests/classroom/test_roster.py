"""Rosters: names of clouds from full names, and lines that cannot be used."""

from __future__ import annotations

import pytest

from novasim.classroom.errors import RosterError
from novasim.classroom.roster import parse_roster
from novasim.classroom.words import generate_word, hash_word, verify_word
from tests import each_case

NAMES = {
    "Åsa Öberg": "asa-oberg",
    "  Ann   Lee ": "ann-lee",
    "Éloïse d'Aubigné": "eloise-daubigne",
    "Sinéad O\u2019Neil": "sinead-oneil",
    "Łukasz Żółć": "lukasz-zolc",
    "Weiß, Jürgen": "weiss-jurgen",
    "Нгуен Щукин": "nguen-shchukin",
    "Ελένη Παπαδοπούλου": "eleni-papadopoyloy",
    "\u0130pek I\u015f\u0131k": "ipek-isik",
    "Nguyễn Thị Ánh": "nguyen-thi-anh",
    "王伟": "student",
    "محمد": "student",
    "王芳 = wang-fang": "wang-fang",
    "X Æ A-12": "x-ae-a-12",
    "Identity": "identity-2",
    "a" * 60: "a" * 40,
}


@each_case("line", NAMES)
def test_name_of_a_cloud_comes_from_the_full_name(line):
    (entry,) = parse_roster(f"{line}\n".encode(), "roster.txt")
    assert entry.name == NAMES[line]


def test_comments_and_blank_lines_are_left_out_and_duplicates_are_numbered():
    roster = "\ufeff# Monday\r\n\r\nAnn\r\nann\r\n王伟\r\n王芳\r\nBob = ann-2\r\nAnn\r\n".encode()
    found = [(entry.full_name, entry.name) for entry in parse_roster(roster, "roster.txt")]
    assert found == [
        ("Ann", "ann"),
        ("ann", "ann-3"),
        ("王伟", "student"),
        ("王芳", "student-2"),
        ("Bob", "ann-2"),
        ("Ann", "ann-4"),
    ]


@each_case(
    ("roster", "problems"),
    [
        (b"", ["has no students"]),
        (b"# Ann\n", ["has no students"]),
        (b"Ann\n\xff\n", ["line 2: it is not text in UTF-8"]),
        (b"Ann\n---\nBob\n...\n", ["line 2: '---' is not a name", "line 4: '...' is not a name"]),
        (b"Ann\x1b[31m\n", ["line 1: it has control characters"]),
        ("Ann\u202eBob\n".encode(), ["line 1: it has control characters"]),
        (b"A" * 101, ["line 1: the name is longer than 100 characters"]),
        (b"Ann = ../etc\n", ["line 1: '../etc' cannot be the name of a cloud"]),
        (b"Ann = identity\n", ["line 1: 'identity' cannot be the name of a cloud"]),
        (b"Ann = x\nBob = x\n", ["line 2: line 1 has chosen x already"]),
        (b"\n".join(b"Ann %d" % number for number in range(1001)), ["has 1001 students"]),
    ],
)
def test_lines_that_cannot_be_used_are_named(roster, problems):
    with pytest.raises(RosterError) as error:
        parse_roster(roster, "roster.txt")
    assert all(problem in str(error.value) for problem in problems)


def test_join_word_is_stored_hashed():
    word = generate_word()
    stored = hash_word(word, "key", "ann")
    assert word not in stored
    assert verify_word(word.upper().replace("-", " "), stored)
    assert not verify_word(generate_word(), stored)
    assert not verify_word("", "")
