"""Requests to the metadata service, and what the user data of its server is."""

from __future__ import annotations

import json
from typing import Any

from tests.play import Play

SCRIPT = b"#!/bin/sh\necho \xff\n"


def read(play: Play, server: str, path: str, who: str = "demo", code: int = 200) -> bytes:
    response = play.ask("GET", f"/{server}/{path}".rstrip("/"), who=who, service="metadata")
    assert response.code == code, response
    return response.body


def read_lines(play: Play, server: str, path: str) -> list[str]:
    return read(play, server, path).decode().splitlines()


def read_json(play: Play, server: str, name: str, version: str = "latest") -> Any:
    return json.loads(read(play, server, f"openstack/{version}/{name}"))
