"""The internal parts of uvicorn that novasim.serve extends are as they were when it was written."""

from __future__ import annotations

import asyncio
import inspect
import re
from configparser import ConfigParser
from importlib.metadata import version
from pathlib import Path

import pytest

pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
pytest.importorskip("httptools", reason="the extra novasim[serve] is not installed")

from uvicorn import Config, Server
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from novasim.serve.http_limits import LimitedProtocol

ROOT = Path(__file__).parents[2]
EXTENDED = {
    "connection_lost": ["self", "exc"],
    "connection_made": ["self", "transport"],
    "data_received": ["self", "data"],
    "on_body": ["self", "body"],
    "on_headers_complete": ["self"],
    "on_message_begin": ["self"],
    "on_message_complete": ["self"],
    "shutdown": ["self"],
}


def test_extended_methods_have_not_changed():
    parameters = {name: list(inspect.signature(getattr(HttpToolsProtocol, name)).parameters) for name in EXTENDED}
    assert parameters == EXTENDED


def test_server_still_handles_signals_in_the_extended_method():
    assert list(inspect.signature(Server.handle_exit).parameters) == ["self", "sig", "frame"]
    assert "self.handle_exit" in inspect.getsource(Server.capture_signals)


def test_only_the_listed_methods_are_extended():
    public = {name for name in vars(LimitedProtocol) if not name.startswith("_")}
    assert public == set(EXTENDED)


def test_own_attributes_do_not_collide():
    loop = asyncio.new_event_loop()
    try:
        config = Config(app=lambda: None, loop="none", lifespan="off")
        config.load()
        arguments = {"config": config, "server_state": ServerState(), "app_state": {}, "_loop": loop}
        theirs, ours = vars(HttpToolsProtocol(**arguments)), vars(LimitedProtocol(**arguments))
    finally:
        loop.close()
    assert {"loop", "transport"} <= set(theirs)
    assert set(ours) - set(theirs) == {"_end", "_has_begun", "_head_bytes", "_in_head", "_is_refused", "_timer"}


def test_installed_version_is_within_the_bounds():
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    bounds = re.search(r"uvicorn >= 0\.(\d+), < 0\.(\d+)", settings["options.extras_require"]["serve"])
    low, high = map(int, bounds.groups())
    assert low <= int(version("uvicorn").split(".")[1]) < high
