"""Responses are cached only until something changes. The tests set the server's wall clock."""

from __future__ import annotations

import asyncio
import json
import tracemalloc
from typing import Any, NamedTuple

import orjson
import pytest

pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")

from novasim.api.identity.tokens import LIFETIME
from novasim.cloud import Cloud
from novasim.jsonutils import shrink
from novasim.serve.app import App
from novasim.simulation import default_world
from novasim.store.memory import MemoryStore

SERVERS = "/compute/v2.1/servers/detail"
TOKENS = "/identity/v3/auth/tokens"


class HttpResponse(NamedTuple):
    code: int
    headers: dict[str, str]
    body: Any


class InProcessServer:
    """The application without a socket, at a time that the test sets."""

    def __init__(self) -> None:
        self.wall = 1_000_000_000.0
        self.store = MemoryStore()
        with self.store.write() as tx:
            default_world.build_default_world(tx, self.wall, seed=1, clock="instant")
        self._app = App(Cloud(self.store, lambda: self.wall))

    def request(self, method: str, path: str, token: str = "", body: Any = None, **more: str) -> HttpResponse:
        return asyncio.run(self._request(method, path, {"x-auth-token": token, **more}, body))

    async def _request(self, method: str, path: str, headers: dict[str, str], body: Any) -> HttpResponse:
        content = b"" if body is None else json.dumps(body).encode()
        all_headers = {**headers, "host": "x", "content-length": str(len(content)), "content-type": "application/json"}
        sent: list[dict[str, Any]] = []
        raw_headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in all_headers.items()]
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "scheme": "http",
            "headers": raw_headers,
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": content}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return HttpResponse(sent[0]["status"], headers, json.loads(sent[1]["body"] or b"null"))

    def token(self, who: str = "demo") -> str:
        user = {"name": who, "password": "secret", "domain": {"id": "default"}}
        auth = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}}
        return self.request("POST", TOKENS, body=auth).headers["x-subject-token"]

    def codes(self, token: str) -> list[int]:
        """The codes of the same request, sent three times."""
        return [self.request("GET", SERVERS, token).code for _ in range(3)]


@pytest.fixture
def served() -> InProcessServer:
    return InProcessServer()


def test_expired_token_is_refused_at_once(served):
    token = served.token()
    assert served.codes(token) == [200] * 3
    served.wall += LIFETIME - 0.001
    assert served.codes(token) == [200] * 3
    served.wall += 0.001
    assert served.codes(token) == [401] * 3
    assert served.request("POST", "/compute/v2.1/os-keypairs", token, {"keypair": {"name": "k"}}).code == 401


def test_the_validation_of_a_token_ends_with_it(served):
    token = served.token()
    served.wall += 1
    admin = served.token("admin")
    validate = lambda: served.request("GET", TOKENS, admin, x_subject_token=token).code  # noqa: E731
    assert [validate(), validate()] == [200, 200]
    served.wall += LIFETIME - 1
    assert validate() == 404


def test_the_token_of_a_trust_is_refused_when_the_trust_expires(served):
    token, admin = served.token(), served.token("admin")
    me, other = (served.request("GET", TOKENS, each, x_subject_token=each).body["token"] for each in (token, admin))
    users = {"trustor_user_id": me["user"]["id"], "trustee_user_id": other["user"]["id"], "impersonation": True}
    trust = {**users, "project_id": me["project"]["id"], "roles": [{"name": "member"}]}
    trust["expires_at"] = "2001-09-09T01:47:00Z"  # 20 seconds later
    id = served.request("POST", "/identity/v3/OS-TRUST/trusts", token, {"trust": trust}).body["trust"]["id"]
    user = {"id": other["user"]["id"], "password": "secret"}
    auth = {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": {"OS-TRUST:trust": {"id": id}}}
    acting = served.request("POST", TOKENS, body={"auth": auth}).headers["x-subject-token"]
    served.wall += 19.5
    assert served.codes(acting) == [200] * 3
    served.wall += 0.5
    assert served.codes(acting) == [401] * 3


def test_revoked_token_is_refused_at_once_and_others_stay_valid(served):
    token, other = served.token(), served.token("admin")
    assert served.codes(token) == served.codes(other) == [200] * 3
    assert served.request("DELETE", TOKENS, token, x_subject_token=token).code == 204
    assert (served.codes(token), served.codes(other)) == ([401] * 3, [200] * 3)


def test_disabled_user_and_lost_role_take_effect_at_once(served):
    token, admin = served.token(), served.token("admin")
    me = served.request("GET", TOKENS, token, x_subject_token=token).body["token"]
    user, project = me["user"]["id"], me["project"]["id"]
    assert served.codes(token) == [200] * 3
    for enabled in (False, True):  # a token of a disabled user stays invalid
        assert served.request("PATCH", f"/identity/v3/users/{user}", admin, {"user": {"enabled": enabled}}).code == 200
        assert served.codes(token) == [401] * 3
    token = served.token()
    assert served.codes(token) == [200] * 3
    for role in served.request("GET", f"/identity/v3/projects/{project}/users/{user}/roles", admin).body["roles"]:
        path = f"/identity/v3/projects/{project}/users/{user}/roles/{role['id']}"
        assert served.request("DELETE", path, admin).code == 204
    assert served.codes(token) == [401] * 3


def test_callers_do_not_share_responses(served):
    def projects(who):
        return served.request("GET", "/identity/v3/auth/projects", served.token(who)).body

    demo, admin = projects("demo"), projects("admin")
    assert demo != admin
    assert (projects("demo"), projects("admin")) == (demo, admin)


def test_change_by_another_process_is_visible(served):
    admin = served.token("admin")
    before = served.request("GET", "/compute/v2.1/flavors", admin).body["flavors"]
    twin = App(Cloud(served.store, lambda: served.wall))
    mine, served._app = served._app, twin
    assert served.request("DELETE", f"/compute/v2.1/flavors/{before[0]['id']}", admin).code == 202
    served._app = mine
    assert served.request("GET", "/compute/v2.1/flavors", admin).body["flavors"] == before[1:]


def test_text_to_keep_takes_its_own_size():
    value = {f"key{number}": "x" * 80 for number in range(16)}
    tracemalloc.start()
    try:
        texts = [shrink(orjson.dumps(value)) for _ in range(100)]
        size, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size < 1.5 * sum(map(len, texts))
