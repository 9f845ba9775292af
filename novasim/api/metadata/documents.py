"""The documents of the metadata service by path. Source: nova/api/metadata/base.py, InstanceMetadata.lookup."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from novasim.api.metadata import ec2
from novasim.api.metadata.instance import Instance
from novasim.api.metadata.meta_data import VENDOR_DATA, VENDOR_DATA2, build_meta_data
from novasim.api.metadata.network_data import build_network_data
from novasim.api.metadata.versions import (
    EC2,
    EC2_VERSIONS,
    LATEST,
    OPENSTACK,
    OPENSTACK_VERSIONS,
    SINCE,
    resolve_version,
)
from novasim.errors import NotFound

USER_DATA_NAMES = ("user_data", "user-data")  # in the OpenStack and the EC2 tree
TEXT, JSON = "text/plain; charset=UTF-8", "application/json"


class Document(NamedTuple):
    """The content at a path, and its media type, which is TEXT for network_data.json, too."""

    content: bytes
    media_type: str = TEXT


def find_document(instance: Instance, path: Sequence[str]) -> Document:
    """
    The document or listing at a path, which is split at its slashes. The tree "ec2" need not be named.

    Raises:
        NotFound: no such version or document, or no user data (404).
    """
    if path and path[-1] in USER_DATA_NAMES and instance.user_data is None:
        raise NotFound(reason=f"Server {instance.server.id} has no user data.")
    if path and path[0] == OPENSTACK:
        return _find_in_openstack(instance, path[1:])
    below = path[1:] if path and path[0] == EC2 else path
    if not below:
        return _list((*EC2_VERSIONS, LATEST))
    tree = ec2.build_tree(instance, resolve_version(below[0], EC2_VERSIONS))
    return Document(ec2.format_item(ec2.find_item(tree, list(below[1:]))))


def encode_json(data: Any) -> bytes:
    """JSON as the service writes it: on one line, in ASCII."""
    return json.dumps(data).encode()


def _list(names: Sequence[str]) -> Document:
    return Document("\n".join(names).encode())


def _find_in_openstack(instance: Instance, path: Sequence[str]) -> Document:
    if not path:
        return _list((*OPENSTACK_VERSIONS, LATEST))
    version = resolve_version(path[0], OPENSTACK_VERSIONS)
    names = [name for name, since in SINCE.items() if version >= since and _exists(instance, name)]
    if len(path) == 1:
        return _list(names)
    if len(path) != 2 or path[1] not in names:
        raise NotFound(reason=f"There is no metadata at {'/'.join((OPENSTACK, *path))}.")
    return build_document(instance, version, path[1])


def _exists(instance: Instance, name: str) -> bool:
    return name != "user_data" or instance.user_data is not None


def build_document(instance: Instance, version: str, name: str) -> Document:
    """A document of the OpenStack tree by its name."""
    match name:
        case "meta_data.json":
            return Document(encode_json(build_meta_data(instance, version)), JSON)
        case "network_data.json":
            return Document(encode_json(build_network_data(instance)))
        case "vendor_data.json":
            return Document(encode_json(VENDOR_DATA), JSON)
        case "vendor_data2.json":
            return Document(encode_json(VENDOR_DATA2), JSON)
        case "user_data":
            return Document(instance.user_data or b"")
    return Document(instance.server.guest_password.encode("utf-8", "replace"))
