"""Environment variables and clouds.yaml files by which OpenStack clients find a cloud."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from novasim.remote.clients import REGION


@contextmanager
def set_variables(values: Mapping[str, str]) -> Iterator[None]:
    """Within the block these are the only variables OS_* of this process."""
    before = {name: value for name, value in os.environ.items() if name.startswith("OS_")}
    for name in before:
        del os.environ[name]
    os.environ.update(values)
    try:
        yield
    finally:
        for name in [name for name in os.environ if name.startswith("OS_")]:
            del os.environ[name]
        os.environ.update(before)


@contextmanager
def write_clouds_file(names: Iterable[str], settings: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """
    Write a clouds.yaml with a cloud of each name for the time of the block; JSON is YAML.

    Yields:
        The variable that makes clients read it.
    """
    entry = {"auth": dict(settings), "region_name": REGION, "identity_api_version": "3"}
    with TemporaryDirectory(prefix="novasim-") as folder:
        path = os.path.join(folder, "clouds.yaml")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"clouds": dict.fromkeys(names, entry)}, file)
        yield {"OS_CLIENT_CONFIG_FILE": path}
