"""The files on a config drive. Source: nova/api/metadata/base.py, metadata_for_config_drive."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.api.metadata import ec2
from novasim.api.metadata.documents import build_document, encode_json
from novasim.api.metadata.instance import Instance, decode_base64
from novasim.api.metadata.meta_data import CONTENT, content_name
from novasim.api.metadata.versions import (
    EC2,
    EC2_ON_DRIVE,
    EC2_VERSIONS,
    LATEST,
    OPENSTACK,
    OPENSTACK_VERSIONS,
    SINCE,
    resolve_version,
)

NOT_ON_DRIVE = ("password",)


def list_files(instance: Instance) -> dict[str, bytes]:
    """The content of each file by its path, in the order in which Nova writes them."""
    return dict([*_ec2_files(instance), *_openstack_files(instance), *_request_files(instance)])


def _ec2_files(instance: Instance) -> Iterator[tuple[str, bytes]]:
    for name in EC2_ON_DRIVE:
        tree = ec2.build_tree(instance, resolve_version(name, EC2_VERSIONS), address=None)
        if "user-data" in tree:
            yield f"{EC2}/{name}/user-data", tree["user-data"]
        yield f"{EC2}/{name}/meta-data.json", encode_json(tree["meta-data"])


def _openstack_files(instance: Instance) -> Iterator[tuple[str, bytes]]:
    for name in (*OPENSTACK_VERSIONS, LATEST):
        version = resolve_version(name, OPENSTACK_VERSIONS)
        for document, since in SINCE.items():
            is_empty = document == "user_data" and instance.user_data is None
            if version >= since and document not in NOT_ON_DRIVE and not is_empty:
                yield f"{OPENSTACK}/{name}/{document}", build_document(instance, version, document).content


def _request_files(instance: Instance) -> Iterator[tuple[str, bytes]]:
    for number, file in enumerate(instance.files):
        yield f"{OPENSTACK}/{CONTENT}/{content_name(number)}", decode_base64(file["contents"]) or b""
