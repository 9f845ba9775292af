"""QoS specs and the volume types that have them. Source: cinder/api/contrib/qos_specs_manage.py."""

from __future__ import annotations

import pytest

from tests.api.volume.client import NOWHERE


@pytest.fixture
def ask(cinder):
    return lambda method, path, body=None, **query: cinder.ask(method, path, body, "admin", **query)


@pytest.fixture
def specs(ask) -> str:
    body = {"qos_specs": {"name": " fast ", "consumer": "front-end", "total_iops_sec": "500"}}
    return ask("POST", "/qos-specs", body).body["qos_specs"]["id"]


@pytest.fixture
def volume_type(ask) -> str:
    return ask("POST", "/types", {"volume_type": {"name": "ssd"}}).body["volume_type"]["id"]


def test_they_are_created_listed_and_changed(ask, specs):
    fast = {"id": specs, "name": "fast", "consumer": "front-end", "specs": {"total_iops_sec": "500"}}
    answer = ask("GET", f"/qos-specs/{specs}").body
    assert (answer["qos_specs"], len(answer["links"])) == (fast, 2)
    slow = ask("POST", "/qos-specs", {"qos_specs": {"name": "slow"}}).body["qos_specs"]
    assert (slow["consumer"], slow["specs"]) == ("back-end", {})
    assert ask("GET", "/qos-specs").body == {"qos_specs": [slow, fast]}
    assert ask("GET", "/qos-specs", name="fast").body == {"qos_specs": [fast]}
    change = {"qos_specs": {"consumer": "both", "read_iops_sec": "9"}}
    assert ask("PUT", f"/qos-specs/{specs}", change).body == change
    changed = ask("GET", f"/qos-specs/{specs}").body["qos_specs"]
    assert (changed["consumer"], changed["specs"]) == ("both", {"total_iops_sec": "500", "read_iops_sec": "9"})
    assert ask("PUT", f"/qos-specs/{specs}/delete_keys", {"keys": ["total_iops_sec"]}).code == 202
    assert ask("GET", f"/qos-specs/{specs}").body["qos_specs"]["specs"] == {"read_iops_sec": "9"}
    assert ask("DELETE", f"/qos-specs/{specs}").code == 202
    assert ask("GET", f"/qos-specs/{specs}").code == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "code", "message"),
    [
        ("POST", "", {"qos_specs": {"name": "fast"}}, 409, "QoS Specs fast already exists."),
        ("POST", "", {"qos_specs": {"name": " "}}, 400, "The 'name' can not be empty."),
        ("POST", "", {"qos_specs": {"name": "x", "consumer": "me"}}, 400, "Invalid qos specs: Valid consumer of QoS"),
        ("POST", "", {"qos_specs": {"name": "x", "a": "x" * 256}}, 400, "Invalid input for field/attribute a."),
        ("PUT", "/{id}", {"qos_specs": {"consumer": "me"}}, 400, "Invalid qos specs: Valid consumer of QoS"),
        ("PUT", "/{id}/delete_keys", {"keys": ["b"]}, 404, "QoS spec {id} has no spec with key b."),
        ("GET", "/{id}/associate", None, 400, "Volume Type id must not be None."),
        ("GET", "/{id}/associate?vol_type_id=x", None, 404, "Volume type x could not be found."),
        ("GET", f"/{NOWHERE}/associate?vol_type_id=x", None, 404, f"No such QoS spec {NOWHERE}."),
        ("GET", f"/{NOWHERE}/disassociate_all", None, 404, f"No such QoS spec {NOWHERE}."),
        ("DELETE", "/{id}?force=ja", None, 400, "Value 'ja' for 'force' is not a boolean."),
    ],
)
def test_refusals_change_nothing(cinder, ask, specs, method, path, body, code, message):
    before = cinder.play.store.dump()
    path, _, query = path.format(id=specs).partition("?")
    answer = ask(method, "/qos-specs" + path, body, **dict([query.split("=")] if query else []))
    assert answer.code == code
    assert str(answer.fault).startswith(message.format(id=specs))
    assert cinder.play.store.dump() == before


def test_they_are_associated_with_types(ask, specs, volume_type):
    path = f"/qos-specs/{specs}"
    for id in (volume_type, ask("GET", "/types/default").body["volume_type"]["id"]):
        assert ask("GET", path + "/associate", vol_type_id=id).code == 202
        assert ask("GET", f"/types/{id}").body["volume_type"]["qos_specs_id"] == specs
    found = ask("GET", path + "/associations").body["qos_associations"]
    assert [each["name"] for each in found] == ["standard", "ssd"]
    assert found[1] == {"association_type": "volume_type", "name": "ssd", "id": volume_type}
    other = ask("POST", "/qos-specs", {"qos_specs": {"name": "other"}}).body["qos_specs"]["id"]
    refusal = ask("GET", f"/qos-specs/{other}/associate", vol_type_id=volume_type)
    assert str(refusal.fault) == (
        f"Invalid volume type: Type {volume_type} is already associated with another qos specs: {specs}"
    )
    assert str(ask("DELETE", path).fault) == "Qos specs still in use."
    assert ask("GET", f"/qos-specs/{other}/disassociate", vol_type_id=volume_type).code == 202
    assert ask("GET", f"/types/{volume_type}").body["volume_type"]["qos_specs_id"] == specs
    assert ask("GET", path + "/disassociate", vol_type_id=volume_type).code == 202
    assert ask("GET", f"/types/{volume_type}").body["volume_type"]["qos_specs_id"] is None
    assert ask("GET", path + "/disassociate_all").code == 202
    assert ask("GET", path + "/associations").body == {"qos_associations": []}
    ask("GET", path + "/associate", vol_type_id=volume_type)
    assert ask("DELETE", path, force="true").code == 202
    assert ask("GET", f"/types/{volume_type}").body["volume_type"]["qos_specs_id"] is None


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", f"/qos-specs{end}") for end in ("", "/{id}", "/{id}/associations", "/{id}/associate")),
        *(("GET", "/qos-specs/{id}/" + end) for end in ("disassociate", "disassociate_all")),
        ("DELETE", "/qos-specs/{id}"),
    ],
)
def test_only_administrators_see_and_change_them(cinder, specs, method, path):
    answer = cinder.ask(method, path.format(id=specs))
    assert answer.code == 403
    assert "volume_extension:qos_specs_manage:" in str(answer.fault)
    assert "qos_specs_id" not in cinder.ask("GET", "/types/default").body["volume_type"]
