"""The commands `quota show` and `quota set`."""

from __future__ import annotations

import json

from novasim.cli.nouns.compute.quota import OPTIONS
from tests import each_case


@each_case("option", sorted(OPTIONS))
def test_every_limit_can_be_set(user, option):
    user(f"--as admin quota set demo --{option} 7")
    minor = "--api-version 2.56 " if OPTIONS[option].name.startswith("injected") else ""
    shown = json.loads(user(f"{minor}--as admin quota set demo --cores 20 -f json").stdout)
    assert shown[OPTIONS[option].name] == 7 if option != "cores" else shown["cores"] == 20


def test_a_user_has_limits_of_its_own(user):
    user("--as admin quota set demo --instances 5")
    shown = json.loads(user("--as admin quota set demo --user demo --instances 1 -f json").stdout)
    assert shown["instances"] == 1
    user("create a b --flavor m1.tiny --image cirros", 5)
    assert json.loads(user("quota show -f json").stdout)["instances"]["limit"] == 5
    assert json.loads(user("quota show --user demo -f json").stdout)["instances"] == {
        "in_use": 1,
        "limit": 1,
        "reserved": 0,
    }


def test_a_class_is_for_all_projects(user):
    user("--as admin quota set default --class --instances 3")
    assert "0 of 3" in user("quota show").stdout


def test_limits_of_volumes_are_for_projects(user):
    assert "cannot be set for a user" in user("--as admin quota set demo --user demo --volumes 3", 2).stderr
    assert "cannot be set for a class" in user("--as admin quota set default --class --ports 3", 2).stderr


def test_below_the_usage_only_with_force(user):
    user("create a b --flavor m1.tiny --image cirros --wait")
    assert "already used and reserved 2" in user("--as admin quota set demo --instances 1", 6).stderr
    user("--as admin quota set demo --instances 1 --ports 1", 6)
    user("--as admin quota set demo --instances 1 --ports 1 --force")


def test_a_refusal_in_one_service_changes_nothing_in_another(user):
    user("create a --flavor m1.tiny --image cirros --wait")
    user("--as admin quota set demo --cores 50 --ports 0", 6)  # less than is used
    assert "of 20" in user("quota show -c cores").stdout


def test_limits_of_a_volume_type_and_of_a_class(user):
    shown = user("--as admin quota set demo --volume-type standard --volumes 3 --backups 4 -f json").stdout
    limits = json.loads(shown)
    assert (limits["volumes_standard"], limits["backups"], limits["volumes"]) == (3, 4, 10)
    shown = user("--as admin quota set default --class --gigabytes 50 --instances 6 -f json").stdout
    assert (json.loads(shown)["gigabytes"], json.loads(shown)["instances"]) == (50, 6)
    figures = json.loads(user("quota show -f json").stdout)
    assert (figures["gigabytes"]["limit"], figures["instances"]["limit"]) == (50, 6)
