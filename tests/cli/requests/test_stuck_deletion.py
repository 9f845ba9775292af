"""A server that is being deleted, or remains in deleting: advice and `why`."""

from __future__ import annotations

import pytest


def test_why_names_what_holds_the_deletion(user):
    user.create("web1")
    user("fault add --action delete --stuck")
    user("delete web1")
    told = " ".join(user("why web1 delete").stdout.split())
    assert "delete is running already (deleting). A new request starts it again, and may be held up again." in told
    assert "DELETED" not in told
    assert "To release it: novasim fault remove 1" in told


@pytest.mark.parametrize("action", ["revert-resize", "stop", "resize --flavor m1.small"])
def test_deletion_needs_only_time(user, action, monkeypatch):
    user.create("web1")
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    user("delete web1")
    verb, *options = action.split(maxsplit=1)
    error = user(" ".join((verb, "web1", *options)), 4).stderr
    why = user(f"why web1 {verb}", 4).stdout
    for text in (error, why):
        assert "web1 is being deleted. There is nothing to do but wait until it is gone." in " ".join(text.split())
        assert "reset-state" not in text and "administrator" not in text


def test_why_of_another_action_does_not_say_that(user):
    user.create("web1")
    assert "running already" not in user("why web1 delete").stdout
