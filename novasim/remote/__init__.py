"""
Clouds behind `novasim serve`, for the command line: their addresses, requests to the control interface, and the
settings of OpenStack clients.

Only a command whose cloud is an address beginning with http:// or https:// imports the modules that send requests.
"""

from __future__ import annotations


def is_remote(address: str | None) -> bool:
    """Whether an address is that of a server, rather than of a file or a database."""
    return address is not None and address.startswith(("http://", "https://"))
