"""
A simulated OpenStack for other projects' test suites: a mock, pytest fixtures, a transport without a socket.

The names are imported on first use, because pytest imports this package wherever novasim is installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from novasim.testing.mock import mock_openstack
    from novasim.testing.server import Server
    from novasim.testing.transport import CloudAdapter, connect, keystone_session

__all__ = ["CloudAdapter", "Server", "connect", "keystone_session", "mock_openstack"]

_MODULES = {
    "CloudAdapter": "transport",
    "Server": "server",
    "connect": "transport",
    "keystone_session": "transport",
    "mock_openstack": "mock",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
