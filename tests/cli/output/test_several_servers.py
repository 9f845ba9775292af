"""What the manual says of commands for several servers: each is a request of its own."""

from __future__ import annotations


def test_a_refused_request_does_not_undo_the_others(user):
    for name in ("web1", "web2", "web3"):
        user.create(name)
    user("lock web2")
    done = user.run("stop web1 missing web2 web3")
    assert done.exit_code == 3
    assert [user.status(name) for name in ("web1", "web2", "web3")] == ["SHUTOFF", "ACTIVE", "SHUTOFF"]


def test_a_command_for_one_server_is_all_or_nothing(user):
    user.create("web1")
    before = user.path.read_bytes()
    user("set web1 --name other --property a=b --tag " + "x" * 100, 6)
    assert user.path.read_bytes() == before
