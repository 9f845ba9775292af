"""Clouds from the text of a scenario."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from novasim.library.cloud import Cloud

Open = Callable[..., Cloud]


@pytest.fixture
def open_scenario(tmp_path, monkeypatch) -> Open:
    """A function that creates a cloud in memory from the text of a scenario, whose clock is manual by default."""
    monkeypatch.delenv("NOVASIM_CLOCK", raising=False)

    def create(text: str, who: str = "demo", clock: str = "manual") -> Cloud:
        path = tmp_path / "world.yaml"
        path.write_text(f"clock: {clock}\n{text}" if "clock:" not in text else text, "utf-8")
        return Cloud.in_memory(clock=clock, scenario=path).as_(who)

    return create
