"""A terminal asks before selected servers lose data."""

from __future__ import annotations

import pytest

pytest.importorskip("pty", reason="terminals of this kind are for POSIX systems")

from tests.cli.test_terminal import CTRL_C, ESCAPES, typed


@pytest.mark.parametrize(
    ("keys", "code", "left"), [("n\n", 2, ["web2", "web1"]), (CTRL_C, 130, ["web2", "web1"]), ("y\n", 0, [])]
)
def test_a_terminal_asks(user, keys, code, left):
    for name in ("web1", "web2"):
        user.create(name, "--tag prod")
    words = ["--cloud", str(user.path), "delete", "--tag", "prod"]
    shown, exit_code = typed(words, keys_after="[y/N]", keys=keys, NOVASIM_CLOCK="instant")
    lines = ESCAPES.sub("", shown).replace("\r", "").splitlines()
    assert lines[0] == "novasim: 2 servers: web2, web1" and lines[1].startswith("Delete 2 servers? [y/N]:")
    assert (exit_code, user.names()) == (code, left)
