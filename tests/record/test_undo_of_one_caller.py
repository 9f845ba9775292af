"""Undo of the steps of one caller between those of others."""

from __future__ import annotations

from tests.record.test_undo import undone


def test_what_another_caller_uses_is_not_taken_away(user):
    user("create web2 --flavor m1.tiny --image cirros")
    user("clock advance 60")
    user("--as admin attach-port web2")
    assert "admin has changed the same thing since" in user("undo 2", code=4).stderr
    user("--as admin undo")
    assert len(undone(user, "undo 2")) == 2
