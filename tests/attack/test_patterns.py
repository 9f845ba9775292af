"""No filter, property or list of a request takes long: patterns that backtrack, wide ranges, long lists."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.api.routes import MOUNTS, list_routes
from tests.attack import extent
from tests.play import Play

PATTERNS = extent(1, None)
MOST_SECONDS = 4.0  # of processor time; each takes less than a tenth, unless time is exponential
NEWEST = {"compute": 104, "placement": 39, "volume": 71}
LETTERS = random.Random(1)
NAMES = ["a" * 254 + "!", *("".join(LETTERS.choices("ab", k=255)) for _ in range(9))]
WORST = [
    "^(a+)+$",
    "(a|b)*a(a|b){230}c",
    "(?i)" + "[\u0100-\U0010ffff]" * 500,
    "(a*)*b",
    "(a|a)*b",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)b",
    "(?:a?){249}" + "a" * 249 + "b",
    "(?=(a+))a*b\\1",
    "a|" * 20_000 + "b",
    "(" * 20_000,
    "a" * 60_000,
    "*" * 60_000,
    "%" * 60_000,
    "in:" + "a," * 20_000,
    "{" * 30_000,
]
PARAMETERS = (
    *("name", "display_name", "display_description", "description", "hostname", "ip", "ip6", "key_name", "node"),
    *("sort_key", "sort_dir", "sort", "tags", "tags-any", "tag", "not-tags", "image", "image_ref", "flavor", "host"),
    *("status", "vm_state", "metadata", "network_id", "fixed_ips", "volume_id", "mac_address", "marker", "limit"),
    *("visibility", "os_distro", "resources", "required", "member_of", "in_tree", "changes-since", "hypervisor"),
)


class TooSlow(AssertionError):
    """A request took more than MOST_SECONDS of processor time."""


@contextmanager
def limited_time(seconds: float = MOST_SECONDS) -> Iterator[None]:
    def interrupt(*_: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, interrupt)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.fixture(scope="module")
def play() -> Play:
    """A project with ten servers, whose names take a backtracking search longest."""
    play = Play()
    for name in NAMES:
        play.create(name=name)
    return play


@pytest.mark.parametrize("service", sorted(MOUNTS))
@pytest.mark.parametrize("pattern", WORST[:PATTERNS], ids=lambda pattern: pattern[:20])
def test_no_filter_takes_long(play, service, pattern):
    project = play.callers["admin"].project_id
    for route in list_routes(service):
        path = route.path.replace("{project_id}", project)
        if route.method != "GET" or "{" in path:
            continue
        minor = min(route.until, NEWEST.get(service, 1))
        for name in PARAMETERS:
            request = Request(play.callers["admin"], "GET", path, minor, ((name, pattern),), None, service)
            with limited_time():
                assert handle(play.cloud, request).code != 500, (path, name)


@pytest.mark.parametrize("pattern", WORST, ids=lambda pattern: pattern[:20])
@pytest.mark.parametrize("name", ["name", "ip", "hostname"])
def test_no_filter_of_servers_takes_long(play, name, pattern):
    request = Request(play.callers["admin"], "GET", "/servers/detail", 104, ((name, pattern),), None, "compute")
    with limited_time():
        assert handle(play.cloud, request).code in (200, 400)


def test_many_sort_keys_do_not_take_long(play):
    query = (("sort_key", "uuid"), ("sort_key", "display_name")) * 3_000
    request = Request(play.callers["admin"], "GET", "/servers", 104, query, None, "compute")
    with limited_time():
        assert handle(play.cloud, request).code in (200, 400)


def test_required_version_of_an_image_does_not_take_long(play):
    properties = {"name": "i", "img_hv_requested_version": ">= 1" + "a" * 60 + "!"}
    with limited_time():
        image = play.ask(
            "POST", "/v2/images", {**properties, "container_format": "bare", "disk_format": "raw"}, service="image"
        ).body["id"]
        play.ask("PUT", f"/v2/images/{image}/file", b"x", service="image")
        body = {"server": {"name": "s", "flavorRef": "1", "imageRef": image, "networks": "none"}}
        response = play.ask("POST", "/servers", body)
    assert "is not a valid predicate" in str(response.fault)


def test_password_pattern_does_not_take_long():
    play = Play(password_pattern="^(a+)+$")
    server = play.create()
    with limited_time():
        assert play.act(server, "changePassword", {"adminPass": "a" * 200 + "!"}).code in (202, 409)


def test_long_lists_of_different_items_do_not_take_long(play):
    items = [str(number) for number in range(15_000)]
    volume = {"trusted_image_certificates": items, "name": "s", "flavorRef": "1", "imageRef": "", "networks": "none"}
    with limited_time():
        assert play.ask("POST", "/servers", {"server": volume}).code == 400
