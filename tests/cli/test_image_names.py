"""Images are found by any name."""

from __future__ import annotations


def test_a_name_with_a_colon(user):
    user("image create debian:13 --min-disk 1")
    assert "debian:13" in user("image show debian:13 -f value").stdout
    user("image show debian:14", 3)
