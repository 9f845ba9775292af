"""Answers are remembered only for as long as they are right. The server's wall clock is the tests' own."""

from __future__ import annotations

import asyncio
import json
from typing import Any, NamedTuple

import pytest

pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")

from novasim.api.identity.tokens import LIFETIME
from novasim.cloud import Cloud
from novasim.serve.app import App
from novasim.simulation import default_world
from novasim.store.memory import MemoryStore

SERVERS = "/compute/v2.1/servers/detail"
TOKENS = "/identity/v3/auth/tokens"


class Answer(NamedTuple):
    code: int
    headers: dict[str, str]
    body: Any


class Served:
    """The application without a socket, at a time that the test sets."""

    def __init__(self) -> None:
        self.wall = 1_000_000_000.0
        self.store = MemoryStore()
        with self.store.write() as tx:
            default_world.build_default_world(tx, self.wall, seed=1, clock="instant")
        self._app = App(Cloud(self.store, lambda: self.wall))

    def ask(self, method: str, path: str, token: str = "", body: Any = None, **more: str) -> Answer:
        return asyncio.run(self._ask(method, path, {"x-auth-token": token, **more}, body))

    async def _ask(self, method: str, path: str, headers: dict[str, str], body: Any) -> Answer:
        content = b"" if body is None else json.dumps(body).encode()
        told = {**headers, "host": "x", "content-length": str(len(content)), "content-type": "application/json"}
        sent: list[dict[str, Any]] = []
        lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in told.items()]
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "scheme": "http",
            "headers": lines,
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": content}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], headers, json.loads(sent[1]["body"] or b"null"))

    def token(self, who: str = "demo") -> str:
        user = {"name": who, "password": "secret", "domain": {"id": "default"}}
        auth = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}}
        return self.ask("POST", TOKENS, body=auth).headers["x-subject-token"]

    def looks(self, token: str) -> list[int]:
        """The codes of the same question, asked three times."""
        return [self.ask("GET", SERVERS, token).code for _ in range(3)]


@pytest.fixture
def served() -> Served:
    return Served()


def test_a_token_that_expires_is_none_from_that_moment_on(served):
    token = served.token()
    assert served.looks(token) == [200] * 3
    served.wall += LIFETIME - 0.001
    assert served.looks(token) == [200] * 3
    served.wall += 0.001
    assert served.looks(token) == [401] * 3
    assert served.ask("POST", "/compute/v2.1/os-keypairs", token, {"keypair": {"name": "k"}}).code == 401


def test_a_token_that_is_taken_back_is_none_at_once_and_others_stay(served):
    token, other = served.token(), served.token("admin")
    assert served.looks(token) == served.looks(other) == [200] * 3
    assert served.ask("DELETE", TOKENS, token, x_subject_token=token).code == 204
    assert (served.looks(token), served.looks(other)) == ([401] * 3, [200] * 3)


def test_who_loses_a_role_or_is_disabled_is_out_at_once(served):
    token, admin = served.token(), served.token("admin")
    me = served.ask("GET", TOKENS, token, x_subject_token=token).body["token"]
    user, project = me["user"]["id"], me["project"]["id"]
    assert served.looks(token) == [200] * 3
    for enabled, codes in ((False, [401] * 3), (True, [200] * 3)):
        assert served.ask("PATCH", f"/identity/v3/users/{user}", admin, {"user": {"enabled": enabled}}).code == 200
        assert served.looks(token) == codes
    for role in served.ask("GET", f"/identity/v3/projects/{project}/users/{user}/roles", admin).body["roles"]:
        path = f"/identity/v3/projects/{project}/users/{user}/roles/{role['id']}"
        assert served.ask("DELETE", path, admin).code == 204
    assert served.looks(token) == [401] * 3


def test_two_callers_do_not_get_each_others_answers(served):
    seen = {who: served.ask("GET", "/identity/v3/auth/projects", served.token(who)).body for who in ("demo", "admin")}
    again = {who: served.ask("GET", "/identity/v3/auth/projects", served.token(who)).body for who in ("demo", "admin")}
    assert seen == again and seen["demo"] != seen["admin"]


def test_what_another_process_changes_is_seen(served):
    admin = served.token("admin")
    before = served.ask("GET", "/compute/v2.1/flavors", admin).body["flavors"]
    twin = App(Cloud(served.store, lambda: served.wall))
    mine, served._app = served._app, twin
    assert served.ask("DELETE", f"/compute/v2.1/flavors/{before[0]['id']}", admin).code == 202
    served._app = mine
    assert served.ask("GET", "/compute/v2.1/flavors", admin).body["flavors"] == before[1:]
