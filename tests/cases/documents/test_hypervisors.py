"""
What hypervisors cannot do, and an image service that is down.

Source: api-ref, "Servers - run an action" and "Servers", error response codes.
"""

from __future__ import annotations

import pytest

from novasim.control.faults import add_fault
from novasim.errors import UsageError
from novasim.lifecycle.actions import ACTIONS
from novasim.teach.action_pages import refusal_codes
from tests.play import Play

NOT_IMPLEMENTED = ("change-password", "pause", "unpause", "rescue", "unrescue")
PASSWORD = {"adminPass": "new"}
CODES = """
    create                  400 403 409
    add-security-group      400 403 404 409
    remove-security-group   400 403 404 409
    remove-floating-ip      400 403 404 409
"""  # by hand, from the error codes of the documents; 401 is that of every request


@pytest.fixture
def play():
    return Play()


@pytest.mark.parametrize("name", NOT_IMPLEMENTED)
def test_501_if_the_hypervisor_cannot(play, name):
    assert 501 in refusal_codes(ACTIONS[name])
    id = play.create()
    if name.startswith("un"):
        play.act(id, name.removeprefix("un"))
    add_fault(play.cloud, does="refuse", action=name, code=501)
    before = play.state(id)
    answer = play.act(id, ACTIONS[name].api_key, PASSWORD if name == "change-password" else None)
    assert (answer.code, set(answer.body)) == (501, {"notImplemented"})
    assert play.state(id) == before


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("pause", None, "The requested functionality is not supported."),
        ("change-password", PASSWORD, "Unable to set password on instance"),
    ],
)
def test_501_has_the_message_of_nova(play, name, arguments, message):
    add_fault(play.cloud, does="refuse", action=name, code=501)
    answer = play.act(play.create(), ACTIONS[name].api_key, arguments)
    assert answer.body["notImplemented"]["message"] == message


@pytest.mark.parametrize("name", ["stop", "", "create"])
def test_501_only_where_nova_has_it(play, name):
    with pytest.raises(UsageError, match="pause"):
        add_fault(play.cloud, does="refuse", action=name, code=501)


def test_codes_are_those_of_the_documents():
    for line in CODES.strip().splitlines():
        name, *codes = line.split()
        assert refusal_codes(ACTIONS[name]) == list(map(int, codes)), name


def test_image_service_that_is_down(play):
    add_fault(play.cloud, name="image-service")
    server = {"name": "web1", "flavorRef": "1", "imageRef": play.image, "networks": "none"}
    answer = play.ask("POST", "/servers", {"server": server})
    assert answer.code == 500
    assert answer.body["computeFault"]["message"].endswith("<class 'nova.exception.GlanceConnectionFailed'>")
    assert play.ask("GET", "/servers").body["servers"] == []
