"""Malformed and hostile HTTP requests as bytes, with the codes of acceptable responses."""

from __future__ import annotations

from typing import NamedTuple


class RawRequest(NamedTuple):
    """A hostile request; 0 among the codes allows the server to close the connection without a response."""

    name: str
    data: bytes
    codes: tuple[int, ...]


HOST = b"Host: localhost\r\n"
CLOSE = b"Connection: close\r\n"
TOKENS = "/identity/v3/auth/tokens"
HIDDEN = b"DELETE /compute/v2.1/hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
"""A second request, which a server must not find inside the first one."""


def _line(name: str, line: bytes, *codes: int) -> RawRequest:
    return RawRequest("line: " + name, line + b"\r\n" + HOST + CLOSE + b"\r\n", codes)


def _header(name: str, header: bytes, *codes: int) -> RawRequest:
    return RawRequest("header: " + name, b"GET /compute HTTP/1.1\r\n" + HOST + CLOSE + header + b"\r\n\r\n", codes)


def _framing(name: str, header: bytes, body: bytes, *codes: int, version: bytes = b"1.1") -> RawRequest:
    head = b"POST " + TOKENS.encode() + b" HTTP/" + version + b"\r\n" + HOST + CLOSE
    return RawRequest("framing: " + name, head + header + b"\r\n\r\n" + body, codes)


def _chunks(name: str, chunks: bytes, *codes: int) -> RawRequest:
    return _framing("chunks " + name, b"Transfer-Encoding: chunked", chunks, *codes)


def _body(name: str, body: bytes, *codes: int, header: bytes = b"Content-Type: application/json") -> RawRequest:
    return _framing("body " + name, header + b"\r\nContent-Length: %d" % len(body), body, *codes)


LINES = [
    _line("NUL", b"\0", 400),
    _line("NUL in the method", b"G\0T /compute HTTP/1.1", 400),
    _line("NUL in the path", b"GET /com\0pute HTTP/1.1", 400),
    _line("control character in the path", b"GET /com\x07pute HTTP/1.1", 400),
    _line("space in the path", b"GET /com pute HTTP/1.1", 400),
    _line("no version", b"GET /compute", 200, 400),
    _line("version 9.9", b"GET /compute HTTP/9.9", 400),
    _line("version of letters", b"GET /compute HTTP/x.y", 400),
    _line("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n", 400),
    _line("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    _line("lower case", b"get /compute HTTP/1.1", 400),
    _line("unknown method", b"FROBNICATE /compute HTTP/1.1", 400),
    _line("method of 70,000 letters", b"G" * 70_000 + b" /compute HTTP/1.1", 400, 431),
    _line("path of 70,000 letters", b"GET /" + b"x" * 70_000 + b" HTTP/1.1", 431),
    _line("CONNECT", b"CONNECT localhost:22 HTTP/1.1", 400, 401, 404, 405),
    _line("address of another host", b"GET http://example.com/compute HTTP/1.1", 400, 404, 421, 200),
    _line("encoded NUL", b"GET /compute/v2.1/servers/%00 HTTP/1.1", 400, 401, 404),
    _line("encoded invalid UTF-8", b"GET /compute/v2.1/%ff%fe HTTP/1.1", 400, 401, 404),
    _line("path to the parent folders", b"GET /compute/../../../../etc/passwd HTTP/1.1", 300, 400, 404),
    _line("encoded path to the parent folders", b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1", 300, 400, 404),
    _line("invalid query", b"GET /compute/v2.1/servers?name=%ff HTTP/1.1", 400, 401),
]
HEADERS = [
    _header("without a colon", b"Nonsense", 400),
    _header("space before the colon", b"Nonsense : x", 400),
    _header("without a name", b": x", 400),
    _header("NUL in the name", b"Non\0sense: x", 400),
    _header("NUL in the value", b"Nonsense: x\0y", 400),
    _header("bare carriage return in the value", b"Nonsense: x\rGET / HTTP/1.1", 400),
    _header("name that is not ASCII", b"N\xc3\xb6: x", 400),
    _header("value of 70,000 letters", b"X-Long: " + b"x" * 70_000, 431),
    _header("10,000 names", b"\r\n".join(b"X-%d: x" % number for number in range(10_000)), 431),
    _header("second host", b"Host: example.com", 400),
    _header("other host", b"host: localhost", 400),
    _header("token with control characters", b"X-Auth-Token: \x01\x02", 200, 400, 401),
    _header("token of 60,000 letters", b"X-Auth-Token: " + b"x" * 60_000, 200, 401),
    _header("token that is not ASCII", b"X-Auth-Token: \xff\xfe", 200, 401),
    _header("version of 2,000 digits", b"OpenStack-API-Version: compute 2." + b"9" * 2_000, 200, 400),
    _header("upgrade", b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk", 200, 400),
    RawRequest("header: no host", b"GET /compute HTTP/1.1\r\n" + CLOSE + b"\r\n", (400,)),
    RawRequest(
        "header: page of another host", b"GET /compute HTTP/1.1\r\nHost: x.example.com\r\n" + CLOSE + b"\r\n", (421,)
    ),
]
FRAMING = [
    _framing("negative length", b"Content-Length: -1", b"", 400),
    _framing("length with a sign", b"Content-Length: +5", b"12345", 400),
    _framing("hexadecimal length", b"Content-Length: 0x5", b"12345", 400),
    _framing("length of letters", b"Content-Length: 1e3", b"", 400),
    _framing("length of 30 digits", b"Content-Length: " + b"9" * 30, b"", 400, 413),
    _framing("length beyond the limit", b"Content-Length: 999999999", b"", 413),
    _framing("two lengths", b"Content-Length: 0\r\nContent-Length: %d" % len(HIDDEN), HIDDEN, 400),
    _framing("list of lengths", b"Content-Length: 5, 5", b"12345", 400),
    _framing("empty length", b"Content-Length:", HIDDEN, 400),
    _framing("length and chunks", b"Content-Length: 5\r\nTransfer-Encoding: chunked", b"0\r\n\r\n" + HIDDEN, 400),
    _framing("chunks and length", b"Transfer-Encoding: chunked\r\nContent-Length: 5", b"0\r\n\r\n" + HIDDEN, 400),
    _framing("unknown encoding", b"Transfer-Encoding: xchunked", HIDDEN, 400, 501),
    _framing("chunked is not last", b"Transfer-Encoding: chunked, identity", b"0\r\n\r\n" + HIDDEN, 400, 501),
    _framing("space before the colon", b"Transfer-Encoding : chunked", b"0\r\n\r\n" + HIDDEN, 400),
    _framing("vertical tab", b"Transfer-Encoding: \x0bchunked", b"0\r\n\r\n" + HIDDEN, 400, 501),
    _framing("folded header", b"Transfer-Encoding:\r\n chunked", b"0\r\n\r\n" + HIDDEN, 400),
    _chunks("size of letters", b"zz\r\n", 400),
    _chunks("negative size", b"-1\r\n", 400),
    _chunks("size beyond 64 bits", b"f" * 17 + b"\r\n", 400, 413),
    _chunks("empty size", b"\r\n", 400),
    _chunks("size with a prefix", b"0x5\r\n12345\r\n0\r\n\r\n", 400),
    _chunks("more than their size", b"2\r\n{}}}}\r\n0\r\n\r\n", 400),
    _chunks("beyond the limit", b"20000\r\n" + b" " * 0x20000 + b"\r\n0\r\n\r\n", 413),
]
BODIES = [
    _body("NUL", b'{"auth": "\0"}', 400),
    _body("nested 100,000 deep", b"[" * 100_000, 400),
    _body("nested 50,000 deep and closed", b'{"auth":' + b"[" * 50_000 + b"]" * 50_000 + b"}", 400),
    _body("infinite number", b'{"auth": 1e999}', 400),
    _body("NaN", b'{"auth": NaN}', 400),
    _body("number of 50,000 digits", b'{"auth": ' + b"9" * 50_000 + b"}", 400),
    _body("invalid UTF-8", b'{"auth": "\xff"}', 400),
    _body("UTF-16", '{"auth": {}}'.encode("utf-16"), 400),
    _body("lone surrogate", b'{"auth": {"identity": {"methods": ["\\ud800"]}}}', 400, 401),
    _body("of another type", b"<auth/>", 415, header=b"Content-Type: text/xml"),
    _body("compressed", b"\x1f\x8b\x08\x00", 400, 415, header=b"Content-Encoding: gzip"),
]
ATTACKS = [*LINES, *HEADERS, *FRAMING, *BODIES]
