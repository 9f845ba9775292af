"""The versions of the metadata service's two trees, and their documents. Source: nova/api/metadata/base.py."""

from __future__ import annotations

from novasim.errors import NotFound

LATEST = "latest"
OPENSTACK, EC2 = "openstack", "ec2"

EC2_VERSIONS = (
    *("1.0", "2007-01-19", "2007-03-01", "2007-08-29", "2007-10-10", "2007-12-15"),
    *("2008-02-01", "2008-09-01", "2009-04-04"),
)
EC2_ON_DRIVE = (EC2_VERSIONS[-1], LATEST)  # Nova's option config_drive_skip_versions leaves the others out

GRIZZLY, HAVANA, LIBERTY = "2013-04-04", "2013-10-17", "2015-10-15"
NEWTON_ONE, NEWTON_TWO, OCATA = "2016-06-30", "2016-10-06", "2017-02-22"
ROCKY, VICTORIA, EPOXY = "2018-08-27", "2020-10-14", "2025-04-04"
OPENSTACK_VERSIONS = (
    *("2012-08-10", GRIZZLY, HAVANA, LIBERTY, NEWTON_ONE, NEWTON_TWO, OCATA),
    *(ROCKY, VICTORIA, EPOXY),
)

SINCE = {  # by document: the first version that has it
    "meta_data.json": OPENSTACK_VERSIONS[0],
    "user_data": OPENSTACK_VERSIONS[0],
    "password": GRIZZLY,
    "vendor_data.json": HAVANA,
    "network_data.json": LIBERTY,
    "vendor_data2.json": NEWTON_TWO,
}
"""The documents of the OpenStack tree, in the order in which a listing has them."""

ROOTS = frozenset((OPENSTACK, EC2, LATEST, *EC2_VERSIONS))
"""The first segments of the paths that a guest requests."""


def resolve_version(text: str, versions: tuple[str, ...]) -> str:
    """The version that a path names; "latest" is the newest. Raises NotFound (404)."""
    if text == LATEST:
        return versions[-1]
    if text not in versions:
        raise NotFound(reason=f"There is no version {text} of this metadata.")
    return text
