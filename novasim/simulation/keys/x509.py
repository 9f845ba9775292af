"""
X.509 certificates for logging in without a password: generated with their private key, and the fingerprint of any.

Source: nova/crypto.py generate_winrm_x509_cert, generate_x509_fingerprint; RFC 5280, RFC 7292.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime, timedelta

from novasim.simulation.keys import der
from novasim.simulation.keys.rsa import RsaKey, encode_private, encode_public, sign

DAYS = 3650
SHA256_WITH_RSA = der.sequence(der.object_id("1.2.840.113549.1.1.11"), der.null())
RSA_ENCRYPTION = der.sequence(der.object_id("1.2.840.113549.1.1.1"), der.null())
SHA256 = der.sequence(der.object_id("2.16.840.1.101.3.4.2.1"), der.null())
COMMON_NAME, EXTENDED_KEY_USAGE, SUBJECT_ALT_NAME = map(der.object_id, ("2.5.4.3", "2.5.29.37", "2.5.29.17"))
CLIENT_AUTH, PRINCIPAL_NAME = map(der.object_id, ("1.3.6.1.5.5.7.3.2", "1.3.6.1.4.1.311.20.2.3"))
DATA, KEY_BAG, CERT_BAG, X509_CERTIFICATE, LOCAL_KEY_ID = map(
    der.object_id,
    (
        "1.2.840.113549.1.7.1",
        "1.2.840.113549.1.12.10.1.1",
        "1.2.840.113549.1.12.10.1.3",
        "1.2.840.113549.1.9.22.1",
        "1.2.840.113549.1.9.21",
    ),
)
MAC_ITERATIONS, MAC_BLOCK, MAC_PURPOSE = 2048, 64, b"\x03"


class InvalidCertificate(ValueError):
    """The text is not a certificate."""


def generate_certificate(key: RsaKey, user_id: str, serial: int, now: datetime) -> str:
    """
    A self-signed certificate of a user, in PEM.

    Args:
        serial: A positive number of at most 160 bits. now: When it becomes valid, in UTC.
    """
    name = der.sequence(der.set_of(der.sequence(COMMON_NAME, der.text(user_id))))
    body = der.sequence(
        der.explicit_tag(0, der.integer(2)),  # version 3
        der.integer(serial),
        SHA256_WITH_RSA,
        name,
        der.sequence(_encode_time(now), _encode_time(now + timedelta(days=DAYS))),
        name,
        der.sequence(RSA_ENCRYPTION, der.bits(encode_public(key))),
        der.explicit_tag(3, der.sequence(*_extensions(f"{user_id}@localhost"))),
    )
    certificate = der.sequence(body, SHA256_WITH_RSA, der.bits(sign(key, body)))
    return der.to_pem("CERTIFICATE", certificate)


def generate_bundle(key: RsaKey, certificate: str) -> str:
    """A certificate and its key as PKCS #12 with an empty password, in base64."""
    content = _decode_pem(certificate)
    key_id = hashlib.sha1(content, usedforsecurity=False).digest()
    attributes = der.set_of(der.sequence(LOCAL_KEY_ID, der.set_of(der.octets(key_id))))
    private = der.sequence(der.integer(0), RSA_ENCRYPTION, der.octets(encode_private(key)))
    wrapped = der.sequence(X509_CERTIFICATE, der.explicit_tag(0, der.octets(content)))
    bags = der.sequence(
        der.sequence(CERT_BAG, der.explicit_tag(0, wrapped), attributes),
        der.sequence(KEY_BAG, der.explicit_tag(0, private), attributes),
    )
    safe = der.sequence(_wrap_data(bags))
    salt = hashlib.sha256(key_id).digest()[:8]
    mac = hmac.digest(_derive_mac_key(salt), safe, "sha256")
    mac_data = der.sequence(der.sequence(SHA256, der.octets(mac)), der.octets(salt), der.integer(MAC_ITERATIONS))
    return base64.b64encode(der.sequence(der.integer(3), _wrap_data(safe), mac_data)).decode()


def fingerprint(pem: str) -> str:
    """
    The SHA-1 of a certificate in PEM.

    Raises:
        InvalidCertificate: the text is not a complete certificate.
    """
    content = _decode_pem(pem)
    _check_certificate(content)
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    return ":".join(digest[i : i + 2] for i in range(0, 40, 2))


def _decode_pem(pem: str) -> bytes:
    """The content of the first certificate in a text."""
    for label in ("CERTIFICATE", "X509 CERTIFICATE"):
        _, found, rest = pem.partition(f"-----BEGIN {label}-----")
        encoded, ended, _ = rest.partition(f"-----END {label}-----")
        if found and ended:
            try:
                return base64.b64decode("".join(encoded.split()), validate=True)
            except binascii.Error:
                raise InvalidCertificate("the certificate is not valid base64") from None
    raise InvalidCertificate("the text has no certificate in PEM")


def _check_certificate(content: bytes) -> None:
    """The types of a certificate's parts, with every length."""
    try:
        (certificate,) = der.read(content)
        body, algorithm, signature = der.read(certificate.content)
        tags = [element.tag for element in der.read(body.content)]
        for element in der.read(body.content):
            _check_depth(element)
    except ValueError as error:
        raise InvalidCertificate(f"error parsing asn1 value: {error}") from None
    if tags[:1] == [0xA0]:
        tags = tags[1:]  # without the version
    expected = [der.INTEGER] + [der.SEQUENCE] * 5  # serial, algorithm, issuer, validity, subject, key
    kinds = [certificate.tag, body.tag, algorithm.tag, signature.tag]
    if kinds != [der.SEQUENCE] * 3 + [der.BIT_STRING] or tags[:6] != expected:
        raise InvalidCertificate("error parsing asn1 value: unexpected tag")


def _check_depth(element: der.Element) -> None:
    """Read all that a constructed value contains."""
    if element.tag & der.CONSTRUCTED:
        for inner in der.read(element.content):
            _check_depth(inner)


def _extensions(principal: str) -> tuple[bytes, bytes]:
    other_name = der.explicit_tag(0, PRINCIPAL_NAME + der.explicit_tag(0, der.text(principal)))
    return (
        der.sequence(EXTENDED_KEY_USAGE, der.octets(der.sequence(CLIENT_AUTH))),
        der.sequence(SUBJECT_ALT_NAME, der.octets(der.sequence(other_name))),
    )


def _encode_time(moment: datetime) -> bytes:
    if moment.year < 2050:
        return der.encode(der.UTC_TIME, moment.strftime("%y%m%d%H%M%SZ").encode())
    return der.encode(der.GENERALIZED_TIME, moment.strftime("%Y%m%d%H%M%SZ").encode())


def _wrap_data(content: bytes) -> bytes:
    """A ContentInfo of the type data."""
    return der.sequence(DATA, der.explicit_tag(0, der.octets(content)))


def _derive_mac_key(salt: bytes) -> bytes:
    """The key of the bundle's MAC from an empty password. Source: RFC 7292, appendix B.2, with one block."""
    password = bytes(2)  # an empty BMPString ends with two zero bytes, too
    block = MAC_PURPOSE * MAC_BLOCK
    for text in (salt, password):
        block += (text * MAC_BLOCK)[:MAC_BLOCK]
    key = hashlib.sha256(block).digest()
    for _ in range(MAC_ITERATIONS - 1):
        key = hashlib.sha256(key).digest()
    return key
