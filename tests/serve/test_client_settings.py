"""The settings for clients that novasim writes."""

from __future__ import annotations

import yaml

from novasim.serve.client_settings import clouds_yaml


def test_clouds_yaml_names_the_versions_of_the_services():
    clouds = yaml.safe_load(clouds_yaml("http://192.0.2.1:8774"))["clouds"]
    assert {name: cloud["auth"]["username"] for name, cloud in clouds.items()} == {
        "novasim": "demo",
        "novasim-admin": "admin",
    }
    for cloud in clouds.values():
        # without it, clients in Go look for version 2 of the volume service, which no cloud has
        assert (cloud["identity_api_version"], cloud["volume_api_version"]) == (3, 3)
