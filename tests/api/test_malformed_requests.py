"""
Whole and damaged requests to every route, through the entry point.

No request causes an internal fault or stores an invalid record, every refusal has the form of its service, and a
refusal changes nothing.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from novasim.api.coverage import is_simulated
from novasim.api.dispatch import handle
from novasim.api.openapi import ERRORS
from novasim.api.request import Request
from novasim.api.routes import MOUNTS, Route, list_routes
from novasim.cloud import Cloud
from novasim.records import (
    TABLES,
    Attachment,
    CatalogService,
    Endpoint,
    FloatingIp,
    Group,
    Image,
    Network,
    Port,
    Role,
    SecurityGroup,
    ServerGroup,
    Volume,
)
from novasim.simulation.validation.documents import find_problems
from novasim.store.memory import MemoryStore
from tests import extent, part
from tests.api import malformed
from tests.play import Play

jsonschema = pytest.importorskip("jsonschema")
EXAMPLES = extent(1, 40)  # for each route
NETWORK_PATHS = ("networks", "subnets", "ports", "routers", "floatingips", "security-group-rules")
PARTLY_SIMULATED = {  # paths of requests whose values the exactness page names
    "/v3/users/{user_id}/application_credentials",
    *("/os-hosts/{name}", "/os-hosts/{name}/{verb}", "/allocation_candidates", "/v2/images/{image_id}/file"),
    *(
        "/v3/{project}/volumes",
        "/v3/{project}/volumes/{volume_id}/action",
        "/v3/{project}/snapshots/{snapshot_id}/action",
    ),
    *(f"/v2.0/{name}{end}" for name in NETWORK_PATHS for end in ("", "/{id}")),
}
GROUP = 8  # routes that share a run of hypothesis, whose start takes longer than a request
NEWEST = {"compute": 104, "placement": 39, "volume": 71}
SERVICES = sorted((*MOUNTS, "metadata"))
ERROR_FORMS = {service: jsonschema.Draft202012Validator(ERRORS.get(service, ERRORS["compute"])) for service in SERVICES}


@pytest.fixture(scope="module")
def play():
    """A cloud with at least one thing of each kind."""
    play = Play()
    server, volume = play.create(), {"volume": {"size": 1}}
    base = f"/v3/{play.callers['admin'].project_id}"
    play.ask("POST", f"/v3/{play.callers['demo'].project_id}/volumes", volume, minor=71, service="volume")
    attachment = {"volumeAttachment": {"volumeId": play.all(Volume)[0].id}}
    assert play.ask("POST", f"/servers/{server}/os-volume_attachments", attachment).code == 200
    play.ask("POST", f"{base}/volumes", volume, "admin", 71, "volume")
    play.ask("POST", f"{base}/types", {"volume_type": {"name": "fast"}}, "admin", 71, "volume")
    play.ask("POST", f"{base}/snapshots", {"snapshot": {"volume_id": play.all(Volume)[1].id}}, "admin", 71, "volume")
    address = {"floatingip": {"floating_network_id": play.all(Network)[1].id}}
    play.ask("POST", "/v2.0/floatingips", address, service="network")
    play.ask("POST", "/v3/groups", {"group": {"name": "g"}}, "admin", service="identity")
    service = play.ask("POST", "/v3/services", {"service": {"type": "dns"}}, "admin", service="identity").body[
        "service"
    ]
    endpoint = {"endpoint": {"service_id": service["id"], "url": "http://192.0.2.9", "interface": "public"}}
    play.ask("POST", "/v3/endpoints", endpoint, "admin", service="identity")
    space = {"namespace": "mine", "tags": [{"name": "k"}], "objects": [{"name": "k"}]}
    assert play.ask("POST", "/v2/metadefs/namespaces", space, "admin", service="image").code == 201
    play.ask("POST", "/os-server-groups", {"server_group": {"name": "g", "policy": "affinity"}})
    play.ask("POST", "/os-aggregates", {"aggregate": {"name": "a", "availability_zone": "z"}}, "admin")
    play.ask("POST", "/os-keypairs", {"keypair": {"name": "k", "user_id": play.callers["admin"].user_id}}, "admin", 90)
    return play


@pytest.fixture(scope="module")
def ids(play):
    """The ids of existing things by the name of the path parameter."""
    kinds = (Attachment, FloatingIp, Image, Network, Port, SecurityGroup, ServerGroup, Volume)
    server = play.all(Port)[0].device_id
    return {
        "server_id": [server],
        "consumer": [server],
        "group_id": [play.all(Group)[0].id],
        "service_id": [play.all(CatalogService)[0].id],
        "endpoint_id": [play.all(Endpoint)[0].id],
        "role_id": [each.id for each in play.all(Role)],
        "user_id": ["other"],
        "volume_id": [volume.id for volume in play.all(Volume)],
        "image_id": [play.image],
        "flavor_id": ["1"],
        "project_id": [play.callers["demo"].project_id],
        "project": [play.callers["admin"].project_id],
        "name": ["host1", "k", "VCPU"],
        "namespace": ["mine", "OS::Compute::CPUPinning"],
        "verb": ["startup", "enable", "force-down"],
        "attachment_id": [play.all(Attachment)[0].attachment_id],
        "id": [each.id for kind in kinds for each in play.all(kind)] + ["1"],
    }


@pytest.mark.parametrize("service", SERVICES)
def test_no_request_breaks_a_service(play, ids, service):
    content, routes = play.store.dump(), part(list_routes(service), 2)
    for start in range(0, len(routes), GROUP):
        _send_requests(content, play, ids, service, routes[start : start + GROUP])


def _send_requests(content: bytes, play: Play, ids: dict[str, list[str]], service: str, routes: list[Route]) -> None:
    """Send a request to each route, EXAMPLES times."""
    clouds = [Cloud(MemoryStore(content), wall=lambda: 0.0)]

    @seed(zlib.crc32(f"{service} {routes[0].method} {routes[0].path}".encode()))
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.tuples(*(_requests(play, ids, service, route) for route in routes)))
    def send(requests: tuple[Request, ...]) -> None:
        for request, route in zip(requests, routes, strict=True):
            if not check_request(clouds[0], request, route):
                clouds[0] = Cloud(MemoryStore(content), wall=lambda: 0.0)

    send()


def _requests(play: Play, ids: dict[str, list[str]], service: str, route: Route) -> st.SearchStrategy[Request]:
    everything = sorted({id for known in ids.values() for id in known})
    newest = min(route.until, NEWEST.get(service, 0))
    oldest = max(route.since, 1 if service == "compute" else 0)
    parts = st.tuples(
        st.sampled_from([play.callers[name] for name in ("admin", "admin", "demo", "reader")]),
        st.just(route.method),
        malformed.paths(route, ids, everything),
        st.sampled_from([newest, oldest]),
        malformed.queries(route, everything),
        malformed.bodies(route, everything),
        st.just(service),
    )
    return parts.map(lambda values: Request(*values))


def check_request(cloud: Cloud, request: Request, route: Route) -> bool:
    """Send a request and check its answer. Returns whether the cloud is still the same."""
    before = cloud.store.revision()
    answer = handle(cloud, request)
    json.dumps(answer.body, default=bytes.decode)  # of the metadata service
    is_same = cloud.store.revision() is before
    assert answer.code < 500 or answer.code == 501, (request, answer)
    if answer.code >= 400:
        assert is_same, (request, answer)
        assert answer.body is None or ERROR_FORMS[request.service].is_valid(answer.body), (request, answer)
        assert answer.code != 501 or not is_simulated(route) or route.path in PARTLY_SIMULATED, (request, answer)
    if not is_same:
        assert list(_find_problems(cloud)) == [], request
    return is_same


def _find_problems(cloud: Cloud) -> Iterator[str]:
    """What 'cloud check' finds wrong in the records."""
    with cloud.reading() as world:
        for kind in TABLES.values():
            for record in world.tx.query(kind):
                yield from find_problems(kind, vars(record))
