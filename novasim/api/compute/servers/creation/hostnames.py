"""Hostnames of new servers."""

from __future__ import annotations

import re

MAX_LENGTH = 63


def build_hostname(name: str, server_id: str, number: int, count: int) -> str:
    """
    Build the hostname of a server from the requested name.

    Args:
        number: The position of the server among those of the request, from 0.
        count: How many servers the request creates.

    Source: nova/compute/api.py _populate_instance_names; nova/utils.py sanitize_hostname.
    """
    hostname = sanitize_hostname(name)
    if not hostname:
        return f"Server-{server_id}"
    return f"{hostname}-{number + 1}" if count > 1 else hostname


def sanitize_hostname(name: str) -> str:
    """Keep the characters of Latin-1 that a hostname may have; "" if there are none."""
    text = name.encode("latin-1", "ignore").decode("latin-1")[:MAX_LENGTH]
    text = re.sub(r"[ _.]", "-", text)
    return re.sub(r"[^\w.-]+", "", text).lower().strip(".-")
