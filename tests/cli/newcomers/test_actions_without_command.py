"""What `can` lists: actions without a command of their own, and nothing at all."""

from __future__ import annotations

import pytest

from novasim.cli.catalog import CATALOG
from novasim.lifecycle.actions import ACTIONS

COMMANDS = {name for _, commands in CATALOG for name in commands}


@pytest.mark.parametrize("action", sorted(set(ACTIONS) - COMMANDS))
def test_name_of_an_action_leads_to_its_command(user, action):
    error = user(f"{action} web1", 2).stderr.splitlines()[0]
    assert error.startswith(f"novasim: There is no command '{action}'. ")
    assert "Use: novasim " in error or "Only the API has it" in error
    assert error.endswith(f"; see: novasim explain {action}")
    user(f"explain {action}")


def test_metadata_leads_to_set(user):
    assert "Use: novasim set SERVER --property KEY=VALUE; see: " in user("metadata-create web1", 2).stderr


def test_reasons_name_no_placeholder(web1):
    reasons = {row["action"]: row["reason"] for row in web1.json("--as admin can web1 --refused")}
    assert reasons["add-floating-ip"] == "You have no floating IP."
    assert reasons["remove-floating-ip"] == "web1 has no floating IP."
    assert reasons["metadata-delete-item"] == "web1 has no metadata."
    assert reasons["tag-delete"] == "web1 has no tags."
    assert not [text for text in reasons.values() if any(word in text for word in ("ADDRESS", "TAG", "VOLUME"))]


def test_nothing_allowed_is_said(web1):
    web1("--as admin user create ann --role reader --project demo --password secret2")
    web1("stop web1")
    web1("--as admin host set host1 --down")
    web1("--as admin host set host2 --down")
    web1("--as admin host set host3 --down")
    web1("start web1")
    done = web1("--as ann can web1 --allowed")
    assert done.stderr == (
        "novasim: ann is allowed no action on web1 now. The reasons: novasim --as ann can web1 --refused\n"
    )
    assert web1("--as ann can web1 --refused").stderr == ""
