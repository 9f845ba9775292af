"""Commands on a host in FIPS mode, where MD5 and SHA-1 are available only for other purposes than security."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest

from novasim.api.callers import find_caller
from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.control.worlds import open_cloud
from tests.cli.output.hostile import SETUP
from tests.cli.test_nouns import CREATED

LINES = """
keypair create x --public-key -
show web1 -f json
image list -f json
--as admin host list
--as admin user create carol --password secret
console-url web1
cloud export -
cloud check
list --long
"""


@pytest.fixture(autouse=True)
def fips(monkeypatch):
    """Refuse weak hashes as OpenSSL does in FIPS mode."""

    def restrict(name, function):
        def restricted(*args, usedforsecurity=True, **more):
            used = args[0] if name == "new" else name
            if usedforsecurity and used.lower() in ("md5", "sha1"):
                raise ValueError("[digital envelope routines] unsupported")
            return function(*args, usedforsecurity=usedforsecurity, **more)

        monkeypatch.setattr(hashlib, name, restricted)

    for name in ("md5", "sha1", "new"):
        restrict(name, getattr(hashlib, name))


def test_hashes_are_refused_here():
    for refused in (hashlib.md5, hashlib.sha1, lambda text: hashlib.new("md5", text)):
        with pytest.raises(ValueError, match="unsupported"):
            refused(b"")
    with pytest.raises(ValueError, match="unsupported"):
        hmac.new(b"key", b"", hashlib.md5)


def test_commands_run(user):
    user(SETUP.strip().splitlines()[0])
    key = None
    for line in [*SETUP.strip().splitlines()[1:], *CREATED.values(), *LINES.strip().splitlines()]:
        user(line, input=key)
        if line == CREATED["keypair"]:
            key = user.json("keypair show k1")["public_key"]


def test_certificates_image_data_and_tokens(user):
    body = json.dumps({"keypair": {"name": "x", "type": "x509"}})
    pair = json.loads(user(f"--api-version 2.91 request POST /os-keypairs '{body}'").stdout)["keypair"]
    assert pair["fingerprint"].count(":") == 19
    image = user.json("image create data")["id"]
    cloud = open_cloud(user.path)
    with cloud.store.read() as tx:
        demo = find_caller(tx, "demo")
    sent = Request(demo, "PUT", f"/v2/images/{image}/file", body=b"data", service="image")
    assert handle(cloud, sent).code == 204
    login = {"user": {"name": "demo", "domain": {"id": "default"}, "password": "secret"}}
    auth = {"auth": {"identity": {"methods": ["password"], "password": login}}}
    assert handle(cloud, Request(demo, "POST", "/v3/auth/tokens", body=auth, service="identity")).code == 201
