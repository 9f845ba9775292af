"""Pages, order, fields and filters of the lists of the network service. Source: neutron/api/api_common.py."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.api.network.client import NOWHERE, assert_error, create_routed_port

PATHS = ("networks", "subnets", "ports", "routers", "floatingips", "security-groups", "security-group-rules")


@pytest.fixture(scope="module")
def filled():
    """A cloud with at least one resource of each kind, and five networks."""
    from tests.api.network.client import NetworkClient

    client = NetworkClient()
    create_routed_port(client)
    client.make("floatingip", floating_network_id=client.public)
    for name in "ab":
        client.make("network", name=name)
    return client


def ask(client, path: str, **query: str):
    """The items of a list, its links by their rel."""
    body = client.ask("GET", f"/{path}", **query).body
    key = path.replace("-", "_")
    return body[key], {each["rel"]: each["href"] for each in body.get(f"{key}_links", ())}


def follow(client, path: str, href: str):
    assert urlsplit(href).path == f"/network/v2.0/{path}"
    return ask(client, path, **{name: values[-1] for name, values in parse_qs(urlsplit(href).query).items()})


@pytest.mark.parametrize("path", PATHS)
def test_pages_lead_forwards_and_backwards(filled, path):
    everything, links = ask(filled, path)
    assert everything and not links
    page, links = ask(filled, path, limit="1", fields="id")
    pages = [page]
    while "next" in links and page:
        page, links = follow(filled, path, links["next"])
        pages.append(page)
    assert [each for page in pages for each in page] == [{"id": each["id"]} for each in everything]
    back = []
    page, links = follow(filled, path, ask(filled, path, limit="1", marker=everything[-1]["id"])[1]["previous"])
    while page:
        back[:0] = page
        page, links = follow(filled, path, links["previous"])
    assert back == everything
    assert_error(filled.ask("GET", f"/{path}", limit="1", marker=NOWHERE), 404, links_error(path))


def links_error(path: str) -> str:
    names = {"networks": "Network", "floatingips": "FloatingIP", "security-group-rules": "SecurityGroupRule"}
    return names.get(path, path[:-1].title().replace("-G", "G")) + "NotFound"


def test_the_first_and_the_last_page_have_one_link_each(filled):
    page, links = ask(filled, "networks", limit="2", sort_key="name", sort_dir="desc")
    assert [each["name"] for each in page] == ["public", "private"]
    assert set(links) == {"next", "previous"}  # as Neutron: it does not know whether a page precedes the first one
    page, links = ask(filled, "networks", limit="9")
    assert (len(page), set(links)) == (5, {"previous"})
    page, links = ask(filled, "networks", limit="9", page_reverse="True")
    assert (len(page), set(links)) == (5, {"next"})
    assert "page_reverse" not in links["next"]
    page, links = ask(filled, "networks", limit="2", page_reverse="True", sort_key="name", sort_dir="asc")
    assert [each["name"] for each in page] == ["private", "public"]
    assert set(links) == {"next", "previous"}


def test_a_page_begins_after_a_resource_that_the_filter_excludes(filled):
    marker = next(each["id"] for each in ask(filled, "networks")[0] if each["name"] == "a")
    page, _ = ask(filled, "networks", limit="2", marker=marker, name="b")
    assert [each["name"] for each in page] == ["b"]


@pytest.mark.parametrize("limit", ["0", "00"])
def test_a_limit_of_0_is_no_limit(filled, limit):
    page, links = ask(filled, "networks", limit=limit, marker=NOWHERE)
    assert (len(page), links) == (5, {})
    assert len(ask(filled, "networks", marker=NOWHERE)[0]) == 5


@pytest.mark.parametrize("limit", ["-1", "many", ""])
def test_an_invalid_limit_is_refused(filled, limit):
    answer = filled.ask("GET", "/networks", limit=limit)
    assert_error(answer, 400, "BadRequest")
    expected = f"Bad limit request: Limit must be an integer 0 or greater and not '{limit}'."
    assert answer.body["NeutronError"]["message"] == expected


@pytest.mark.parametrize(
    ("query", "kind", "text"),
    [
        ({"sort_key": "name"}, "HTTPBadRequest", "The number of sort_keys and sort_dirs must be same"),
        ({"sort_key": "tags", "sort_dir": "asc"}, "HTTPBadRequest", "['tags'] is invalid attribute for sort_keys"),
        ({"sort_key": "name", "sort_dir": "up"}, "HTTPBadRequest", "['up'] is invalid value for sort_dirs"),
        ({"shared": "maybe"}, "InvalidInput", "'maybe' cannot be converted to boolean"),
    ],
)
def test_invalid_orders_and_booleans(filled, query, kind, text):
    answer = filled.ask("GET", "/networks", **query)
    assert_error(answer, 400, kind)
    assert text in answer.body["NeutronError"]["message"]


@pytest.mark.parametrize("path", PATHS)
def test_one_resource_with_chosen_fields(filled, path):
    first = ask(filled, path)[0][0]
    (chosen,) = filled.ask("GET", f"/{path}/{first['id']}", fields="id").body.values()
    assert chosen == {"id": first["id"]}
    (whole,) = filled.ask("GET", f"/{path}/{first['id']}", fields="").body.values()
    assert whole == first


def test_subnets_are_filtered_by_the_sharing_of_their_network(neutron):
    shared = neutron.make("network", "admin", name="s", shared=True)["id"]
    subnet = {"network_id": shared, "cidr": "10.8.0.0/24", "ip_version": 4}
    new = neutron.make("subnet", "admin", **subnet)
    assert "shared" not in new
    own = neutron.subnet()[1]["id"]
    everything, both = ask(neutron, "subnets")[0], [ask(neutron, "subnets", shared=text)[0] for text in ("True", "0")]
    assert [own in str(part) for part in both] == [False, True]
    assert [new["id"] in str(part) for part in both] == [True, False]
    assert len(both[0]) + len(both[1]) == len(everything)
    assert neutron.ask("GET", "/subnets", shared="maybe").code == 400
