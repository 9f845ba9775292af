"""Generated key pairs and certificates follow from a secret, and other programs read them."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
from datetime import datetime, timezone

import pytest

from novasim.simulation.keys import der, rsa, ssh, x509

SECRET = bytes(range(32))
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def key() -> rsa.RsaKey:
    return rsa.generate_key(SECRET)


@pytest.fixture(scope="module")
def certificate(key) -> str:
    return x509.generate_certificate(key, "demo", 12345, NOW)


def test_a_key_follows_from_its_secret(key):
    assert (
        hashlib.sha256(str(key.n).encode()).hexdigest()
        == "dbb6bc8e69fc28519729e6d7e6ca624d124d2f373e0d923bcff3c555df5fc830"
    )


def test_a_key_has_2048_bits_and_fits_together(key):
    assert key.n.bit_length() == 2048 and key.n == key.p * key.q
    message = 1234567890
    assert pow(pow(message, rsa.EXPONENT, key.n), key.d, key.n) == message
    signature = int.from_bytes(rsa.sign(key, b"text"), "big")
    assert hashlib.sha256(b"text").digest() in pow(signature, rsa.EXPONENT, key.n).to_bytes(256, "big")


def test_its_public_line_is_a_whole_key(key):
    assert ssh.fingerprint(rsa.public_line(key, "me@example.com"))


@pytest.mark.parametrize("number", [3, 5, 97, 104729, 2**127 - 1])
def test_primes_pass(number):
    if number not in rsa.BASES:
        assert rsa._is_probable_prime(number)


@pytest.mark.parametrize("number", [41 * 43, 561 * 41, 3215031751, 3825123056546413051, (2**61 - 1) * (2**31 - 1)])
def test_products_do_not_pass(number):
    assert not rsa._is_probable_prime(number)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_openssl_reads_the_key_the_certificate_and_the_bundle(tmp_path, key, certificate):
    def run(*words: str) -> str:
        return subprocess.run(["openssl", *words], capture_output=True, text=True, check=True, cwd=tmp_path).stdout

    (tmp_path / "key.pem").write_text(rsa.private_pem(key))
    (tmp_path / "cert.pem").write_text(certificate)
    (tmp_path / "bundle.p12").write_bytes(base64.b64decode(x509.generate_bundle(key, certificate)))
    run("rsa", "-in", "key.pem", "-check", "-noout")
    run("verify", "-no_check_time", "-CAfile", "cert.pem", "-partial_chain", "cert.pem")
    subject = run("x509", "-in", "cert.pem", "-noout", "-subject", "-dates", "-ext", "extendedKeyUsage,subjectAltName")
    for part in ("demo", "Jan  1 00:00:00 2026 GMT", "Dec 30 00:00:00 2035 GMT", "TLS Web Client Authentication"):
        assert part in subject
    opened = run("pkcs12", "-in", "bundle.p12", "-passin", "pass:", "-nodes")
    assert "BEGIN CERTIFICATE" in opened and "BEGIN PRIVATE KEY" in opened


def test_the_fingerprint_of_a_certificate_is_the_sha1_of_its_content(certificate):
    content = base64.b64decode("".join(certificate.splitlines()[1:-1]))
    assert x509.fingerprint(certificate).replace(":", "") == hashlib.sha1(content).hexdigest()


def test_damaged_certificates_are_refused(certificate):
    content = base64.b64decode("".join(certificate.splitlines()[1:-1]))
    damaged = [content[:size] for size in range(0, len(content), 7)] + [content + b"\0", content[1:], b"some text"]
    texts = [der.to_pem("CERTIFICATE", each) for each in damaged]
    texts += ["", "nonsense", certificate.replace("BEGIN", "START"), certificate.replace("END", "STOP")]
    texts += [certificate.replace("A", "!"), der.to_pem("CERTIFICATE", der.sequence(der.integer(1)))]
    for text in texts:
        with pytest.raises(x509.InvalidCertificate):
            x509.fingerprint(text)


@pytest.mark.parametrize(
    "data", [b"\x02", b"\x02\x01", b"\x02\x81\x01\x00", b"\x02\x80", b"\x02\x82\x00\x81" + bytes(129)]
)
def test_lengths_that_are_cut_off_or_too_long_are_refused(data):
    with pytest.raises(ValueError, match=r"short data|invalid length"):
        der.read(data)
