"""Requests, responses, errors and results of control functions as JSON. Client and server share it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from novasim import errors
from novasim.api.image.uploads import Upload
from novasim.api.request import Request, Response
from novasim.errors import CloudFileError, NovaFault, NovasimError
from novasim.jsonutils import encode
from novasim.lifecycle.images import FlavorNeeds
from novasim.records import Caller

VERSION = 1
SERVER, WALL, NOW, MODE, LEASE, KEY = (f"novasim-{name}" for name in ("server", "wall", "now", "mode", "lease", "key"))
"""Headers: the server process, its wall time, the cloud's time and mode, a lease, a key of a request."""
MAX_DOCUMENTS = 1024 * 2**20  # bytes of an unpacked answer

Fields = dict[str, Any]


class SentUpload(Upload):
    """The size and hashes of an image's data that stayed at the client, and the data if they are few."""

    def __init__(self, fields: Fields) -> None:
        super().__init__(base64.b64decode(fields["data"]))
        self.size, self._sent_md5, self._sent_sha512 = fields["size"], fields["md5"], fields["sha512"]

    @property
    def md5(self) -> str:
        return str(self._sent_md5)

    @property
    def sha512(self) -> str:
        return str(self._sent_sha512)


def pack_body(body: Any) -> Fields:
    """A body as an object whose key says what it is: json, bytes or upload."""
    if isinstance(body, bytes):
        return {"bytes": base64.b64encode(body).decode()}
    if isinstance(body, Upload):
        data = base64.b64encode(body.data).decode()
        return {"upload": {"size": body.size, "md5": body.md5, "sha512": body.sha512, "data": data}}
    return {"json": body}


def unpack_body(fields: Fields) -> Any:
    """The body that `pack_body` has packed."""
    if "bytes" in fields:
        return base64.b64decode(fields["bytes"])
    return SentUpload(fields["upload"]) if "upload" in fields else fields["json"]


def pack_request(request: Request) -> Fields:
    """A request as JSON, without its caller."""
    fields = request._asdict() | {"body": pack_body(request.body), "headers": dict(request.headers)}
    del fields["caller"]
    return fields


def unpack_request(fields: Fields, caller: Caller) -> Request:
    """The request that `pack_request` has packed, of a caller whom the server knows."""
    query = tuple((str(name), str(value)) for name, value in fields["query"])
    return Request(caller=caller, **{**fields, "query": query, "body": unpack_body(fields["body"])})


def pack_response(response: Response) -> Fields:
    """A response as JSON."""
    fault = pack_error(response.fault) if response.fault else None
    return response._asdict() | {"body": pack_body(response.body), "fault": fault}


def unpack_response(fields: Fields) -> Response:
    """The response that `pack_response` has packed."""
    fault = unpack_error(fields["fault"]) if fields["fault"] else None
    assert fault is None or isinstance(fault, NovaFault)
    return Response(**{**fields, "body": unpack_body(fields["body"]), "fault": fault})


def pack_error(error: NovasimError) -> Fields:
    """An error as JSON, with the nearest of its classes that `novasim.errors` has."""
    kind = next(each for each in type(error).__mro__ if getattr(errors, each.__name__, None) is each)
    fields: Fields = {"kind": kind.__name__, "text": str(error)}
    if isinstance(error, NovaFault):
        fields |= {"code": error.http, "facts": pack_facts(error.facts)}
    if isinstance(error, CloudFileError):
        fields["problem"] = error.problem
    return fields


def unpack_error(fields: Fields) -> NovasimError:
    """The error that `pack_error` has packed."""
    kind = getattr(errors, str(fields["kind"]), NovasimError)
    if not (isinstance(kind, type) and issubclass(kind, NovasimError)):
        kind = NovasimError
    error = kind.__new__(kind, fields["text"])
    error.args = (fields["text"],)
    if isinstance(error, NovaFault):
        error.facts = unpack_facts(fields["facts"])
        if error.http != fields["code"]:
            error.http = fields["code"]
    if isinstance(error, CloudFileError):
        error.problem = fields["problem"]
    return error


def pack_facts(facts: Mapping[str, object]) -> Fields:
    """The facts of a refusal that are JSON; others are left out."""
    return {name: value for name, value in facts.items() if is_json(value)}


def unpack_facts(facts: Fields) -> Fields:
    """The facts that `pack_facts` has packed."""
    return facts | {"needs": FlavorNeeds(*facts["needs"])} if facts.get("needs") else facts


def is_json(value: object) -> bool:
    """Whether JSON can hold a value."""
    try:
        encode(value)
    except (TypeError, ValueError):
        return False
    return True
