"""Commands at an address of https://, with a server that ends TLS in front of the cloud."""

from __future__ import annotations

import ssl
from datetime import datetime, timezone

import pytest

from tests.remote.conftest import OWNER, run_at
from tests.remote.proxy import Proxy

pytest.importorskip("cryptography", reason="the extra novasim[test] is not installed")


@pytest.fixture
def site(served, tmp_path):
    """The address of a server with a certificate of its own, and the file with the certificate."""
    path = tmp_path / "site.pem"
    path.write_bytes(create_certificate())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    proxy = Proxy(served.port, lambda _: False, context)
    yield proxy.url, str(path)
    proxy.close()


def test_certificates_of_the_file_that_os_cacert_names_are_trusted(site, tmp_path):
    url, path = site
    assert url.startswith("https://")
    run_at(url, "create web1 --flavor m1.tiny --image cirros", **OWNER, OS_CACERT=path)
    assert run_at(url, "list -f value -c name", **OWNER, OS_CACERT=path).stdout == "web1\n"
    other = tmp_path / "other.pem"
    other.write_text("nothing")
    for variables, problem in (
        ({}, "cannot be reached: self-signed certificate. Check the address, and the certificates in OS_CACERT."),
        ({"OS_CACERT": ""}, "self-signed certificate"),
        ({"OS_CACERT": "/nonexistent"}, "OS_CACERT names /nonexistent, which cannot be used: No such file"),
        ({"OS_CACERT": str(other)}, f"OS_CACERT names {other}, which cannot be used: it has no certificates."),
    ):
        done = run_at(url, "list", 9, **OWNER, **variables)
        assert problem in done.stderr
        assert done.stderr.count("\n") == 1


def create_certificate() -> bytes:
    """A certificate for 127.0.0.1 that has signed itself, after its key."""
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "novasim")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(datetime(2020, 1, 1, tzinfo=timezone.utc))
    builder = builder.not_valid_after(datetime(2100, 1, 1, tzinfo=timezone.utc))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = builder.add_extension(names, critical=False).sign(key, SHA256())
    written = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return written + certificate.public_bytes(Encoding.PEM)
