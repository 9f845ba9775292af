"""The checks of actions on tags and metadata, and of the number and size of items in a request."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.errors import BadRequest, NotFound, NovaFault
from novasim.lifecycle.check import SHOW_QUOTA, check
from novasim.records import Server

MAX_TAGS, MAX_TAG_LENGTH = 50, 60
SHOW_TAGS = "Show the tags: {novasim} show {server} -c tags"


# Source: nova/compute/api.py, _check_metadata_properties_quota and _check_injected_file_quota.
@check(
    requires="The request does not exceed the quotas of metadata items and of injected files.",
    remedy=SHOW_QUOTA,
    code=403,
)
def within_item_quota(item_refusal: NovaFault | None) -> Iterator[NovaFault]:
    if item_refusal:
        yield item_refusal


@check(
    requires="The server has the metadata item.",
    remedy="Show the metadata: {novasim} show {server} -c metadata",
    code=404,
)
def has_metadata_item(server: Server, metadata_key: str | None) -> Iterator[NovaFault]:
    if metadata_key is not None and metadata_key not in server.metadata:
        yield NotFound(reason="Metadata item was not found")


# Source: nova/api/openstack/compute/server_tags.py, update; nova/api/validation/parameter_types.py, tag.
@check(
    requires=f"The tag has no comma or slash and at most {MAX_TAG_LENGTH} characters.",
    remedy="Choose another tag, without , and /.",
)
def tag_is_valid(tag: str | None) -> Iterator[NovaFault]:
    if tag is not None and (problem := _find_problem(tag)):
        yield BadRequest(
            reason=f"Tag '{tag}' is invalid. It must be a non empty string without characters '/' and ','. "
            f"Validation error message: {problem}"
        )


def _find_problem(tag: str) -> str | None:
    if "," in tag or "/" in tag:
        return f"{tag!r} does not match '^[^,/]*$'"
    return f"{tag!r} is too long" if len(tag) > MAX_TAG_LENGTH else None


# Nova counts before it looks whether the server has the tag.
@check(
    requires=f"The server has fewer than {MAX_TAGS} tags.",
    remedy="Remove a tag that is not needed: {novasim} unset {server} --tag TAG",
)
def within_tag_limit(server: Server, tag: str | None) -> Iterator[NovaFault]:
    if tag is not None and len(server.tags) >= MAX_TAGS:
        yield BadRequest(reason=f"The number of tags exceeded the per-server limit {MAX_TAGS}")


@check(requires="The server has the tag.", remedy=SHOW_TAGS, code=404)
def has_tag(server: Server, tag: str | None) -> Iterator[NovaFault]:
    if tag is not None and tag not in server.tags:
        yield NotFound(reason=f"Instance {server.id} has no tag '{tag}'")
