"""A request as the curl command that sends it to a real cloud."""

from __future__ import annotations

import json
import shlex
from urllib.parse import quote, urlencode

from novasim.api.request import Request
from novasim.render.output import escape_json

METADATA_URL = "http://169.254.169.254/"  # of all clouds, as a guest sees it
VERSION_HEADER = "OpenStack-API-Version: compute 2.{}"


def format_curl(request: Request) -> str:
    """
    The curl command for a request. That of the metadata service is for the guest, which has no token.

    It takes the token and the service's address from the environment: TOKEN and OS_COMPUTE_URL (OS_IMAGE_URL, ...).
    """
    if request.service == "metadata":
        return f"curl -s {shlex.quote(METADATA_URL + quote(request.path[1:].partition('/')[2]))}"
    url = f"$OS_{request.service.upper()}_URL{quote(request.path)}"
    if request.query:
        url += "?" + urlencode(request.query)
    words = ["curl", "-s", "-X", request.method, "-H", '"X-Auth-Token: $TOKEN"']
    if request.service == "compute":
        words += ["-H", shlex.quote(VERSION_HEADER.format(request.minor))]
    if isinstance(request.body, bytes):
        words += ["-H", shlex.quote("Content-Type: application/octet-stream"), "--data-binary", "@FILE"]
    elif request.body is not None:
        text = escape_json(json.dumps(request.body))
        words += ["-H", shlex.quote("Content-Type: application/json"), "-d", shlex.quote(text)]
    return " ".join([*words, f'"{url}"'])
