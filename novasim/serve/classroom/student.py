"""What a student's commands ask of the classroom below /NAME/novasim/classroom."""

from __future__ import annotations

import subprocess  # nosec B404 # it runs novasim
import sys
from typing import Any

from novasim.classroom.errors import RoomError
from novasim.classroom.progress import count_hint
from novasim.classroom.room import Room
from novasim.cloud import Cloud
from novasim.errors import Forbidden
from novasim.serve.wire.callers import authenticate

RESET_TIMEOUT = 60.0  # seconds


def require_owner(cloud: Cloud, token: str) -> None:
    """
    Check that a token is that of the student or the teacher.

    Raises:
        Unauthorized: it is invalid (401). Forbidden: it is that of another user (403).
    """
    if not authenticate(cloud, token).caller.is_admin:
        raise Forbidden(reason="Only the student and the teacher can read the lesson of a cloud.")


def find_student(room: Room, name: str, cloud: Cloud, token: str) -> str:
    """
    The student whose lesson a request is about: that of the cloud, or in a shared cloud that of the token.

    Raises:
        Unauthorized, Forbidden: as `require_owner`. NoSuchStudent: in a shared cloud, the user is not a student.
    """
    if not room.content.is_shared:
        require_owner(cloud, token)
        return name
    return room.find_student(authenticate(cloud, token).caller.project_name).name


def take_hint(room: Room, name: str) -> dict[str, Any]:
    """Count a hint. Returns how many were taken before."""
    return {"hints": count_hint(room, name)}


def reset_cloud(room: Room, name: str) -> dict[str, Any]:
    """
    Build the cloud of a student again, as `classroom reset` does. Its commands need a process of their own.

    Raises:
        RoomError: it has failed.
    """
    line = [sys.executable, "-m", "novasim", "classroom", "reset", name, "--room", room.folder]
    try:
        done = subprocess.run(line, capture_output=True, text=True, timeout=RESET_TIMEOUT, check=False)  # nosec B603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RoomError(f"The cloud cannot be built again: {error}") from None
    if done.returncode:
        raise RoomError(f"The cloud cannot be built again: {done.stderr.strip()}")
    return {}
