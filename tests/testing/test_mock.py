"""`mock_openstack` for code that connects by itself."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import unittest

import pytest
import requests

from novasim import Cloud
from novasim.errors import UsageError
from novasim.testing import mock_openstack
from tests.processes import forked_python
from tests.testing.http import list_names


def test_code_meets_the_cloud_of_the_block():
    before = dict(os.environ)
    with mock_openstack() as cloud:
        cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
        assert list_names() == ["web1"]
    assert dict(os.environ) == before
    with mock_openstack():
        assert list_names() == []


@mock_openstack
def test_decorator_needs_no_parentheses():
    assert list_names() == []


def test_other_variables_are_hidden_and_come_back(monkeypatch):
    monkeypatch.setenv("OS_CLOUD", "production")
    monkeypatch.setenv("OS_USERNAME", "root")
    with pytest.raises(ZeroDivisionError), mock_openstack(user="admin"):
        assert "OS_CLOUD" not in os.environ
        assert (os.environ["OS_USERNAME"], os.environ["OS_PROJECT_NAME"]) == ("admin", "admin")
        raise ZeroDivisionError
    assert (os.environ["OS_CLOUD"], os.environ["OS_USERNAME"]) == ("production", "root")


def test_mocks_may_be_nested():
    with mock_openstack() as outer:
        outer.servers.create("outer", flavor="m1.tiny", image="cirros")
        with mock_openstack() as inner:
            inner.servers.create("inner", flavor="m1.tiny", image="cirros")
            assert list_names() == ["inner"]
        assert list_names() == ["outer"]


def test_other_addresses_are_not_intercepted():
    with mock_openstack(), pytest.raises(requests.ConnectionError):
        requests.get("http://novasim.test.invalid/", timeout=5)
    with pytest.raises(requests.ConnectionError):
        requests.get("http://novasim.test/", timeout=5)


@mock_openstack(user="admin")
def names_in_function(argument):
    assert os.environ["OS_USERNAME"] == "admin"
    return argument, list_names()


@mock_openstack()
async def names_in_coroutine():
    await asyncio.sleep(0)
    return list_names()


def test_functions_and_coroutines_are_decorated():
    assert names_in_function(7) == (7, [])
    assert asyncio.run(names_in_coroutine()) == []
    assert "OS_AUTH_URL" not in os.environ


@mock_openstack()
class Decorated(unittest.TestCase):
    def test_cloud_is_new(self):
        self.assertEqual(list_names(), [])


class SetUp(unittest.TestCase):
    def setUp(self):
        mock = mock_openstack(hosts=1)
        self.cloud = mock.start()
        self.addCleanup(mock.stop)

    def test_cloud_is_the_same(self):
        self.cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
        self.assertEqual(list_names(), ["web1"])


@pytest.mark.parametrize("case", [Decorated, SetUp])
def test_unittest(case):
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
    assert (result.testsRun, result.errors, result.failures) == (1, [], [])
    assert "OS_AUTH_URL" not in os.environ


def test_an_existing_cloud_is_used():
    mine = Cloud.in_memory(seed=3)
    with mock_openstack(cloud=mine) as cloud:
        assert cloud is mine


def test_another_process_meets_the_cloud_over_http():
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    with mock_openstack(server=True) as cloud:
        cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
        code = "from tests.testing.http import list_names; print(list_names())"
        done = subprocess.run([*forked_python(), "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['web1']\n"


def test_names_are_those_of_a_clouds_file():
    with mock_openstack(names=["devstack"]):
        path = os.environ["OS_CLIENT_CONFIG_FILE"]
        with open(path) as file:
            clouds = json.load(file)["clouds"]
        assert clouds["devstack"]["auth"]["auth_url"] == os.environ["OS_AUTH_URL"]
    assert not os.path.exists(path)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"clock": "fast"}, "Unknown clock"),
        ({"quota": "some"}, "quota"),
        ({"quota": {"coers": 2}}, "cores"),
        ({"scenario": "/nowhere.yaml"}, "cannot be read"),
    ],
)
def test_invalid_options_are_refused(options, words):
    with pytest.raises(UsageError, match=words):
        mock_openstack(**options)
