"""Booleans in requests: oslo.utils' words, wherever Nova and the services beside it accept a boolean as text."""

from __future__ import annotations

import pytest

from novasim.records import Project, Volume
from novasim.strutils import bool_from_string
from tests import each_case
from tests.play import Play

TRUE = ("1", "t", "true", "on", "y", "yes")
FALSE = ("0", "f", "false", "off", "n", "no")
IN_BODIES = ("1", "on", "YES", "True", True)  # Nova's schema for bodies knows neither "t" nor "y"
FALSE_IN_BODIES = ("0", "off", "NO", "False", False)


@pytest.fixture
def play():
    return Play("manual")


class TestBoolFromString:
    @each_case("word", [*TRUE, "TRUE", " Yes\n", 1, True])
    def test_words_for_true(self, word):
        assert bool_from_string(word) is True
        assert bool_from_string(word, strict=True) is True

    @each_case("word", [*FALSE, "No", "\tFALSE ", 0, False])
    def test_words_for_false(self, word):
        assert bool_from_string(word, default=True) is False
        assert bool_from_string(word, strict=True) is False

    @pytest.mark.parametrize("word", ["", "maybe", "2", "ja", None, 2, []])
    def test_other_words_are_the_default_or_an_error(self, word):
        assert bool_from_string(word) is False
        assert bool_from_string(word, default=True) is True
        assert bool_from_string(word, default=None) is None
        with pytest.raises(ValueError, match="Unrecognized value"):
            bool_from_string(word, strict=True)

    def test_the_error_lists_the_words_in_oslos_order(self):
        words = "'0', '1', 'f', 'false', 'n', 'no', 'off', 'on', 't', 'true', 'y', 'yes'"
        with pytest.raises(ValueError) as error:
            bool_from_string("ja", strict=True)
        assert str(error.value) == f"Unrecognized value 'ja', acceptable values are: {words}"


class TestNova:
    @pytest.mark.parametrize(("force", "code"), [*((word, 200) for word in IN_BODIES), ("0", 400), ("False", 400)])
    def test_force_of_a_quota_set(self, play, web1, force, code):
        body = {"quota_set": {"instances": 0, "force": force}}
        project = play.server(web1).project_id
        assert play.ask("PUT", f"/os-quota-sets/{project}", body, "admin").code == code

    @pytest.mark.parametrize("word", IN_BODIES)
    def test_preserve_ephemeral_of_a_rebuild(self, play, web1, word):
        assert play.act(web1, "rebuild", {"imageRef": play.image, "preserve_ephemeral": word}).code == 202
        play.advance(60)
        assert play.state(web1) == ("ERROR", None)  # the driver cannot

    @pytest.mark.parametrize("word", FALSE_IN_BODIES)
    def test_no_preserve_ephemeral(self, play, web1, word):
        assert play.act(web1, "rebuild", {"imageRef": play.image, "preserve_ephemeral": word}).code == 202
        play.advance(60)
        assert play.state(web1) == ("ACTIVE", None)

    @pytest.mark.parametrize(("key", "arguments"), [("evacuate", {}), ("os-migrateLive", {"block_migration": "auto"})])
    @pytest.mark.parametrize("word", IN_BODIES)
    def test_force_without_a_host(self, play, web1, key, arguments, word):
        refused = play.act(web1, key, {"host": None, **arguments, "force": word}, "admin", 67)
        if key == "evacuate":
            refused = play.act(web1, key, {"force": word}, "admin", 67)
        assert (refused.code, str(refused.fault)) == (400, "Can't force to a non-provided destination")

    @pytest.mark.parametrize("word", [*IN_BODIES, *FALSE_IN_BODIES])
    def test_force_takes_a_live_migration_past_the_scheduler(self, play, web1, word):
        here = play.server(web1).host
        target = next(name for name in ("host1", "host2", "host3") if name != here)
        body = {"host": target, "block_migration": "auto", "force": word}
        play.ask("PUT", f"/os-services/{service(play, target)}", {"status": "disabled"}, "admin")
        assert play.act(web1, "os-migrateLive", body, "admin", 67).code == 202
        play.advance(60)
        assert (play.server(web1).host == target) == (word in IN_BODIES)

    @pytest.mark.parametrize("word", [*IN_BODIES, *FALSE_IN_BODIES])
    def test_config_drive_and_delete_on_termination(self, play, word):
        device = {"boot_index": 0, "uuid": play.image, "source_type": "image", "destination_type": "volume"}
        device |= {"volume_size": 1, "delete_on_termination": word}
        server = play.create(config_drive=word, imageRef="", block_device_mapping_v2=[device])
        play.advance(10)
        assert play.server(server).config_drive == ("True" if word in IN_BODIES else "")
        play.ask("DELETE", f"/servers/{server}")
        play.advance(10)
        assert (play.all(Volume) == []) == (word in IN_BODIES)

    @pytest.mark.parametrize("word", [True, "1", "True", "0", "False", False])
    def test_return_reservation_id_accepts_any_word(self, play, word):
        """Nova asks only whether the value is empty: nova/api/openstack/compute/servers.py, create."""
        body = {
            "name": "a",
            "flavorRef": "1",
            "imageRef": play.image,
            "networks": "none",
            "return_reservation_id": word,
        }
        answer = play.ask("POST", "/servers", {"server": body}).body
        assert ("reservation_id" in answer) == (word is not False)

    @pytest.mark.parametrize("word", [*TRUE, " True "])
    def test_filters_of_a_server_list(self, play, web1, word):
        assert play.act(web1, "lock").code == 202
        play.create("web2")
        assert [each["name"] for each in play.ask("GET", "/servers", locked=word).body["servers"]] == ["web1"]
        assert len(play.ask("GET", "/servers", all_tenants=word, who="admin").body["servers"]) == 2

    def test_an_unknown_word_in_a_server_list_is_refused(self, play):
        for name in ("locked", "all_tenants"):
            refused = play.ask("GET", "/servers", None, "admin", **{name: "ja"})
            assert refused.code == 400
            assert "Unrecognized value 'ja', acceptable values are: '0', '1'" in str(refused.fault)
        assert play.ask("GET", "/servers", None, "admin", deleted="ja").code == 200

    @pytest.mark.parametrize("word", ["1", "true", "On"])
    def test_forced_down_and_with_servers(self, play, web1, word):
        body = {"host": "host1", "binary": "nova-compute", "forced_down": word}
        answer = play.ask("PUT", "/os-services/force-down", body, "admin", 52)
        assert answer.body["service"]["forced_down"] is True
        found = play.ask("GET", "/os-hypervisors", None, "admin", with_servers=word).body["hypervisors"]
        assert sum(len(each["servers"]) for each in found) == 1

    @pytest.mark.parametrize("word", ["ja", "", "2"])
    def test_an_unknown_is_public_is_refused(self, play, word):
        refused = play.ask("GET", "/flavors", None, "admin", is_public=word)
        assert (refused.code, str(refused.fault)) == (400, f"Invalid is_public filter [{word}]")


def cinder(play, method, path, body=None, who="demo", **query):
    return play.ask(method, f"/v3/{play.callers[who].project_id}{path}", body, who, service="volume", **query)


class TestServicesBesideNova:
    @pytest.mark.parametrize("word", [*TRUE, "Yes"])
    def test_all_tenants_of_cinder_and_of_the_group_proxy(self, play, word):
        cinder(play, "POST", "/volumes", {"volume": {"size": 1}}, "other")
        volumes = cinder(play, "GET", "/volumes", None, "admin", all_tenants=word)
        assert len(volumes.body["volumes"]) == 1
        groups = play.ask("GET", "/os-security-groups", None, "admin", 35, all_tenants=word).body["security_groups"]
        assert len(groups) == len(play.all(Project))

    @pytest.mark.parametrize("word", [*TRUE, *FALSE])
    def test_bootable_and_cascade_of_cinder(self, play, word):
        body = {"volume": {"size": 1, "imageRef": play.image}}
        volume = cinder(play, "POST", "/volumes", body).body["volume"]["id"]
        found = cinder(play, "GET", "/volumes", bootable=word).body["volumes"]
        assert bool(found) == (word in TRUE)
        body = {"snapshot": {"volume_id": volume}}
        assert cinder(play, "POST", "/snapshots", body).code == 202
        code = cinder(play, "DELETE", f"/volumes/{volume}", cascade=word).code
        assert code == (202 if word in TRUE else 400)

    @pytest.mark.parametrize(
        ("method", "path", "name"),
        [
            ("GET", "/volumes", "with_count"),
            ("GET", "/backups", "with_count"),
            ("GET", "/os-quota-sets/demo", "usage"),
            ("DELETE", "/volumes/{id}", "cascade"),
            ("DELETE", "/volumes/{id}", "force"),
        ],
    )
    @pytest.mark.parametrize("word", ["ja", ""])
    def test_unknown_flags_of_cinder_are_refused(self, play, method, path, name, word):
        path = path.format(id=cinder(play, "POST", "/volumes", {"volume": {"size": 1}}).body["volume"]["id"])
        refusal = cinder(play, method, path, None, "admin", minor=71, **{name: word})
        assert (refusal.code, str(refusal.fault)) == (400, f"Value '{word}' for '{name}' is not a boolean.")

    @pytest.mark.parametrize("word", [*TRUE, *FALSE])
    def test_flags_of_a_volume(self, play, word):
        volume = cinder(play, "POST", "/volumes", {"volume": {"size": 1}}).body["volume"]["id"]
        path = f"/volumes/{volume}/action"
        assert cinder(play, "POST", path, {"os-set_bootable": {"bootable": word}}).code == 200
        assert cinder(play, "POST", path, {"os-update_readonly_flag": {"readonly": word}}).code == 202
        (kept,) = play.all(Volume)
        assert (kept.bootable, kept.read_only) == (word in TRUE, word in TRUE)

    @pytest.mark.parametrize(
        ("key", "name"), [("os-set_bootable", "bootable"), ("os-update_readonly_flag", "readonly")]
    )
    def test_unknown_words_for_flags_of_a_volume_are_refused(self, play, key, name):
        volume = cinder(play, "POST", "/volumes", {"volume": {"size": 1}}).body["volume"]["id"]
        path = f"/volumes/{volume}/action"
        for arguments in ({name: "ja"}, {}):
            assert cinder(play, "POST", path, {key: arguments}).code == 400

    @pytest.mark.parametrize("word", [*TRUE, *FALSE])
    def test_is_public_and_usage_of_cinder(self, play, word):
        found = cinder(play, "GET", "/types", None, "admin", is_public=word)
        assert bool(found.body["volume_types"]) == (word in TRUE)
        quotas = cinder(play, "GET", "/os-quota-sets/demo", None, "admin", usage=word)
        assert isinstance(quotas.body["quota_set"]["volumes"], dict) == (word in TRUE)

    @pytest.mark.parametrize("word", [*TRUE, *FALSE])
    def test_filters_of_neutron(self, play, word):
        found = play.ask("GET", "/v2.0/networks", service="network", shared=word).body["networks"]
        assert [each["shared"] for each in found] == [word in TRUE] * len(found) != []

    @pytest.mark.parametrize("word", ["0", "off", "NO", False])
    def test_a_port_without_port_security_is_in_no_group(self, play, word):
        body = {"port": {"network_id": play.network, "port_security_enabled": word}}
        assert play.ask("POST", "/v2.0/ports", body, "admin", service="network").body["port"]["security_groups"] == []

    @pytest.mark.parametrize("word", [*TRUE, "", "any"])
    def test_enabled_of_keystone_is_true_unless_a_word_says_no(self, play, word):
        found = play.ask("GET", "/v3/projects", None, "admin", service="identity", enabled=word).body["projects"]
        assert len(found) == len(play.all(Project))

    @pytest.mark.parametrize("word", FALSE)
    def test_not_enabled_of_keystone(self, play, word):
        found = play.ask("GET", "/v3/projects", None, "admin", service="identity", enabled=word).body["projects"]
        assert found == []

    @pytest.mark.parametrize(("word", "code"), [("True", 200), ("false", 200), ("1", 400), ("yes", 400)])
    def test_placement_reads_only_true_and_false(self, play, word, code):
        assert play.ask("GET", "/traits", None, "admin", 39, "placement", associated=word).code == code


def service(play: Play, host: str) -> str:
    services = play.ask("GET", "/os-services", who="admin").body["services"]
    return next(each["id"] for each in services if each["host"] == host)
