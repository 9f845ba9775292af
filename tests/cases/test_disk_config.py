"""OS-DCF:diskConfig of servers, and how images restrict it."""

from __future__ import annotations

import pytest

from tests.api.compute.test_keypairs import KEY
from tests.play import Play


@pytest.fixture
def play():
    return Play()


def set_property(play, value):
    change = [{"op": "add", "path": "/auto_disk_config", "value": value}]
    assert play.ask("PATCH", f"/v2/images/{play.image}", change, "admin", service="image").code == 200


def disk_config(play, server):
    return play.ask("GET", f"/servers/{server}").body["server"]["OS-DCF:diskConfig"]


@pytest.mark.parametrize("value", ["Disabled", " DISABLED "])
def test_an_image_can_forbid_an_automatic_resize_of_the_disk(play, value):
    text = f"Requested image {play.image} has automatic disk resize disabled."
    set_property(play, value)
    web1 = play.create()
    body = {"name": "web2", "flavorRef": "1", "imageRef": play.image, "networks": "none", "OS-DCF:diskConfig": "AUTO"}
    answers = [
        play.ask("POST", "/servers", {"server": body}),
        play.act(web1, "rebuild", {"imageRef": play.image, "OS-DCF:diskConfig": "AUTO"}),
        play.act(web1, "resize", {"flavorRef": "2", "OS-DCF:diskConfig": "AUTO"}),
    ]
    assert [(answer.code, answer.body["badRequest"]["message"]) for answer in answers] == [(400, text)] * 3
    assert disk_config(play, web1) == "MANUAL"


@pytest.mark.parametrize(("value", "expected"), [("yes", "AUTO"), ("False", "MANUAL"), ("Disabled", "MANUAL")])
def test_the_image_is_the_default_at_a_create_and_a_rebuild(play, value, expected):
    web1 = play.create("web1", **{"OS-DCF:diskConfig": "AUTO"})
    set_property(play, value)
    assert disk_config(play, play.create("web2")) == expected
    assert play.act(web1, "rebuild", {"imageRef": play.image}).code == 202
    assert disk_config(play, web1) == expected


@pytest.mark.parametrize(
    ("key", "arguments", "who"), [("resize", {"flavorRef": "2"}, "demo"), ("migrate", None, "admin")]
)
def test_a_resize_and_a_migration_reset_it(play, key, arguments, who):
    web1 = play.create("web1", **{"OS-DCF:diskConfig": "AUTO"})
    assert play.act(web1, key, arguments, who).code == 202
    assert disk_config(play, web1) == "MANUAL"


def test_a_resize_sets_it(play):
    web1 = play.create()
    assert play.act(web1, "resize", {"flavorRef": "2", "OS-DCF:diskConfig": "AUTO"}).code == 202
    assert disk_config(play, web1) == "AUTO"


def test_the_key_pair_of_a_rebuild_is_the_callers(play):
    web1 = play.create()
    assert play.ask("POST", "/os-keypairs", {"keypair": {"name": "mine", "public_key": KEY}}, "admin").code == 201
    rebuild = {"imageRef": play.image, "key_name": "mine"}
    assert play.act(web1, "rebuild", rebuild).body["badRequest"]["message"] == "Invalid key_name provided."
    assert play.act(web1, "rebuild", rebuild, "admin").body["server"]["key_name"] == "mine"


def test_a_second_lock_without_a_reason_keeps_the_reason(play):
    web1 = play.create()
    for arguments in ({"locked_reason": "repair"}, None):
        assert play.act(web1, "lock", arguments, "admin").code == 202
    assert play.ask("GET", f"/servers/{web1}").body["server"]["locked_reason"] == "repair"
