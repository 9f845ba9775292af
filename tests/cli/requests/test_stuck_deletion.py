"""A server that remains in deleting: what `why` says of another request."""

from __future__ import annotations


def test_why_names_what_holds_the_deletion(user):
    user.create("web1")
    user("fault add --action delete --stuck")
    user("delete web1")
    told = " ".join(user("why web1 delete").stdout.split())
    assert "delete is running already (deleting). A new request starts it again, and may be held up again." in told
    assert "DELETED" not in told
    assert "To release it: novasim fault remove 1" in told


def test_why_of_another_action_does_not_say_that(user):
    user.create("web1")
    assert "running already" not in user("why web1 delete").stdout
