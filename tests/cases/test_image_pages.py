"""Pages of the list of images."""

from __future__ import annotations

import pytest

from tests.play import Play


class TestPages:
    """Source: Glance, limit_param_default (25) and api_limit_max (1000)."""

    @pytest.fixture
    def play(self):
        play = Play()
        for number in range(30):
            body = {"name": f"i{number:02}", "disk_format": "raw", "container_format": "bare"}
            assert play.ask("POST", "/v2/images", body, service="image").code == 201
        return play

    def test_a_page_has_25_images(self, play):
        first = play.ask("GET", "/v2/images", service="image").body
        assert len(first["images"]) == 25
        query = dict(pair.split("=") for pair in first["next"].partition("?")[2].split("&"))
        second = play.ask("GET", "/v2/images", service="image", **query).body
        assert len(second["images"]) == 8 and "next" not in second
        assert len({image["id"] for image in (*first["images"], *second["images"])}) == 33

    @pytest.mark.parametrize(("limit", "count"), [("3", 3), ("30", 30), ("2000", 33), ("9" * 12, 33)])
    def test_a_limit(self, play, limit, count):
        assert len(play.ask("GET", "/v2/images", service="image", limit=limit).body["images"]) == count

    def test_nova_lists_them_all(self, play):
        assert len(play.ask("GET", "/images", minor=35).body["images"]) == 33
        assert len(play.ask("GET", "/images/detail", minor=35, limit="2").body["images"]) == 2
