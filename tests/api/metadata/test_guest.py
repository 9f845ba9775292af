"""The metadata service as guests ask it. Expectations follow nova/api/metadata/handler.py."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from novasim.serve.in_process import InProcessServer
from tests.play import Play

SECRET = "shared"
PATH = "/openstack/latest/meta_data.json"


@pytest.fixture(scope="module")
def play() -> Play:
    return Play(metadata_proxy_shared_secret=SECRET)


@pytest.fixture(scope="module")
def headers(play) -> dict[str, str]:
    """The headers that Neutron's proxy sends for a guest."""
    return sign(play, play.create())


def sign(play: Play, server: str, secret: str = SECRET) -> dict[str, str]:
    signature = hmac.new(secret.encode(), server.encode(), hashlib.sha256).hexdigest()
    project = play.callers["demo"].project_id
    return {"X-Instance-ID": server, "X-Tenant-ID": project, "X-Instance-ID-Signature": signature}


def get(play: Play, path: str, headers: dict[str, str], method: str = "GET", body: bytes = b""):
    answer = InProcessServer(play.cloud).respond(method, f"http://127.0.0.1:8774{path}", headers, body)
    kind = dict(answer.headers).get(b"content-type", b"").decode()
    return answer.code, kind, answer.content.decode()


def test_signed_headers_name_the_guest(play, headers):
    code, kind, text = get(play, PATH, headers)
    assert (code, kind) == (200, "application/json")
    assert headers["X-Instance-ID"] in text
    assert get(play, "/latest/meta-data/hostname", headers) == (200, "text/plain; charset=UTF-8", "web1.novalocal")
    assert get(play, "/2009-04-04/meta-data/instance-id/", headers)[2] == "i-00000001"
    assert get(play, "/openstack/latest/network_data.json", headers)[1] == "text/plain; charset=UTF-8"


@pytest.mark.parametrize(
    ("changes", "code", "text"),
    [
        ({"X-Instance-ID": None}, 400, "X-Instance-ID header is missing from request."),
        ({"X-Instance-ID-Signature": None}, 400, "X-Instance-ID-Signature header is missing from request."),
        ({"X-Tenant-ID": None}, 400, "X-Tenant-ID header is missing from request."),
        ({"X-Instance-ID-Signature": "0" * 64}, 403, "Invalid proxy request signature."),
        ({"X-Instance-ID-Signature": "é"}, 403, "Invalid proxy request signature."),
        ({"X-Tenant-ID": "other"}, 404, "The resource could not be found."),
    ],
)
def test_other_headers_are_refused_with_a_text(play, headers, changes, code, text):
    sent = {name: value for name, value in {**headers, **changes}.items() if value is not None}
    found, kind, content = get(play, PATH, sent)
    assert (found, kind) == (code, "text/plain; charset=UTF-8")
    assert content.splitlines()[2] == text


def test_unknown_paths_and_servers_are_not_found(play, headers):
    assert get(play, "/latest/nothing", headers)[0] == 404
    unknown = "00000000-0000-4000-8000-000000000000"
    assert get(play, PATH, sign(play, unknown))[0] == 404


def test_without_a_secret_nothing_is_found():
    play = Play()
    assert get(play, PATH, sign(play, play.create(), ""))[0] == 404


def test_a_guest_posts_a_password_once():
    play = Play(metadata_proxy_shared_secret=SECRET)
    sent = sign(play, play.create())
    path, shown = "/openstack/latest/password", f"/servers/{sent['X-Instance-ID']}/os-server-password"
    before = play.store.dump()
    for body, code in ((b"x" * 1021, 400), (b"\xff", 400)):
        assert get(play, path, sent, "POST", body)[0] == code
    assert get(play, path, sent | {"X-Tenant-ID": "other"}, "POST", b"secret")[0] == 404
    assert get(play, "/openstack/latest/user_data", sent, "POST", b"secret")[0] == 404
    assert play.store.dump() == before
    assert get(play, path, sent, "POST", b"encrypted") == (200, "", "")
    assert get(play, path, sent, "POST", b"another")[0] == 409
    assert get(play, path, sent)[2] == "encrypted"
    assert play.ask("GET", shown).body == {"password": "encrypted"}
    assert play.ask("DELETE", shown).code == 204
    assert play.ask("GET", shown).body == {"password": ""}
    assert get(play, path, sent, "POST", b"another")[0] == 200
