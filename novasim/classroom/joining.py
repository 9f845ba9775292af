"""Exchanges a join word for the credentials of a student."""

from __future__ import annotations

from typing import NamedTuple

from novasim.classroom.errors import NoSuchStudent
from novasim.classroom.limiter import Limiter
from novasim.classroom.names import SHARED_CLOUD
from novasim.classroom.room import Room, Student
from novasim.classroom.words import derive_password, hash_word, verify_word

MAX_LENGTH = 200  # characters of a name or a word


class WrongWord(Exception):
    """The name or the word is wrong, or the word was used already."""


class TooManyAttempts(Exception):
    """Too many wrong words; *pause* is in seconds."""

    def __init__(self, pause: float) -> None:
        super().__init__(pause)
        self.pause = pause


class Ticket(NamedTuple):
    """
    What a student gets.

    Args:
        cloud: The name of the cloud, with which its paths begin.
        user, project, password: Those of the clients of OpenStack.
        owner: The user who may control the cloud, with the same password; "" in a shared cloud.
    """

    student: str
    full_name: str
    cloud: str
    user: str
    project: str
    password: str
    owner: str


def join(room: Room, limiter: Limiter, name: str, word: str, address: str, now: float) -> Ticket:
    """
    Exchange a join word, which then does not work any more.

    Args:
        name: The name of the student's cloud, or the full name. address: That of the client. now: In seconds.

    Raises:
        WrongWord, TooManyAttempts. RoomError: the classroom cannot be read or written.
    """
    if max(len(name), len(word)) > MAX_LENGTH:
        raise WrongWord
    student = _find(room, name)
    key = student.name if student else ""
    if pause := limiter.find_pause(key, address, now):
        raise TooManyAttempts(pause)
    if not _redeem(room, student, word, now):
        limiter.note_wrong(key, address, now)
        raise WrongWord
    assert student is not None
    limiter.forget(key, address)
    return _write_ticket(room, student)


def _find(room: Room, name: str) -> Student | None:
    room.refresh()
    try:
        return room.find_student(name)
    except NoSuchStudent:
        return None


def _redeem(room: Room, student: Student | None, word: str, now: float) -> bool:
    """Whether the word is that of the student. An unknown student takes as long as a wrong word."""
    word_hash = student.word if student else ""
    if not verify_word(word, word_hash or hash_word("", room.content.key, "")) or student is None or not word_hash:
        return False
    with room.changing():
        known = room.content.students.get(student.name)
        if known is None or known.word != word_hash:  # another request was faster
            return False
        room.replace_student(known._replace(word="", joined=now))
    return True


def _write_ticket(room: Room, student: Student) -> Ticket:
    password = derive_password(room.content.key, student.name)
    if room.content.is_shared:
        return Ticket(student.name, student.full_name, SHARED_CLOUD, student.name, student.name, password, "")
    return Ticket(student.name, student.full_name, student.name, "demo", "demo", password, "admin")
