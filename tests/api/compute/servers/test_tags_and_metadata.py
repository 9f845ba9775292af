"""Tags and metadata of a server."""

from __future__ import annotations

import pytest

from tests.play import Play


@pytest.fixture
def play():
    return Play("manual")


def test_tags_are_added_shown_and_removed(play, web1):
    path = f"/servers/{web1}/tags"
    assert play.ask("PUT", f"{path}/red").code == 201
    assert play.ask("PUT", f"{path}/red").code == 204
    assert play.ask("GET", f"{path}/red").code == 204
    assert play.ask("GET", f"{path}/blue").code == 404
    assert play.ask("DELETE", f"{path}/blue").code == 404
    assert play.ask("PUT", f"{path}/{'x' * 61}").code == 400
    assert play.ask("PUT", f"{path}/a,b").code == 400
    full = {"tags": [f"t{number}" for number in range(50)]}
    assert play.ask("PUT", path, full).code == 200
    refusal = play.ask("PUT", f"{path}/red")
    assert (refusal.code, refusal.body["badRequest"]["message"]) == (
        400,
        "The number of tags exceeded the per-server limit 50",
    )
    assert play.ask("PUT", path, {"tags": [*full["tags"], "red"]}).code == 400
    assert play.ask("GET", path, who="other").code == 403


def test_metadata_items_are_set_shown_and_removed(play, web1):
    path = f"/servers/{web1}/metadata"
    assert play.ask("POST", path, {"metadata": {"a": "1"}}).body == {"metadata": {"a": "1"}}
    assert play.ask("GET", f"{path}/a").body == {"meta": {"a": "1"}}
    assert play.ask("GET", f"{path}/b").code == 404
    assert play.ask("PUT", f"{path}/b", {"meta": {"b": "2"}}).body == {"meta": {"b": "2"}}
    assert play.ask("PUT", f"{path}/c", {"meta": {"b": "2"}}).code == 400
    assert play.ask("GET", path).body == {"metadata": {"a": "1", "b": "2"}}
    assert play.ask("PUT", path, {"metadata": {"c": "3"}}).body == {"metadata": {"c": "3"}}
    assert play.ask("DELETE", f"{path}/c").code == 204
    assert play.ask("DELETE", f"{path}/c").code == 404
    many = {"metadata": {f"k{number}": "v" for number in range(129)}}
    assert play.ask("PUT", path, many).code == 403
    assert play.ask("GET", path).body == {"metadata": {}}
