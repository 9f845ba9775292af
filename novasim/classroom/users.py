"""The users that all clouds of a classroom have, and their passwords."""

from __future__ import annotations

from hashlib import sha256

from novasim.classroom.room import Room
from novasim.classroom.words import derive_password
from novasim.records import User
from novasim.simulation.keys.passwords import hash_password
from novasim.simulation.world import World

ADMIN = "admin"
TEACHER = "teacher"  # a user in each cloud


def add_teacher(world: World, room: Room) -> None:
    """Add an administrator for the teacher. The IDs of what the student creates do not depend on it."""
    admin = world.tx.query(User, {"name": ADMIN})[0]
    id = sha256(f"{TEACHER} of {admin.id}".encode()).hexdigest()[:32]
    teacher = User(id=id, name=TEACHER, default_project_id=admin.default_project_id, roles=dict(admin.roles))
    set_password(world, teacher, teacher_password(room.content.key))


def teacher_password(key: str) -> str:
    """The password of the teacher in all clouds. *key* is that of the classroom."""
    return derive_password(key, "", "teacher")


def set_password(world: World, user: User, password: str) -> None:
    """Give a user a password."""
    user.password_hash = hash_password(password, world.settings.token_key, user.id)
    world.tx.put(user)
