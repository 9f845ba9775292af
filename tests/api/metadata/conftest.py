"""A cloud with a server that has metadata, a key pair and user data."""

from __future__ import annotations

from base64 import b64encode

import pytest

from tests.api.metadata.reading import SCRIPT
from tests.attack.isolation import PUBLIC_KEY
from tests.play import Play


@pytest.fixture(scope="module")
def world() -> tuple[Play, str]:
    """A cloud, and the id of its first server."""
    play = Play()
    key = {"keypair": {"name": "mine", "type": "ssh", "public_key": PUBLIC_KEY}}
    assert play.ask("POST", "/os-keypairs", key).code == 201
    more = {"metadata": {"role": "web"}, "key_name": "mine", "user_data": b64encode(SCRIPT).decode()}
    return play, play.create(**more)


@pytest.fixture(scope="module")
def play(world) -> Play:
    return world[0]


@pytest.fixture(scope="module")
def web1(world) -> str:
    return world[1]
