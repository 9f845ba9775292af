"""Faults of the network, over HTTP and in the same process."""

from __future__ import annotations

import time

import pytest
import requests

from novasim import Cloud
from novasim.errors import UsageError
from novasim.testing import CloudAdapter, Server
from tests.testing.http import log_in


@pytest.fixture
def cloud():
    return Cloud.in_memory()


@pytest.fixture(params=["http", "in process"])
def session(request, cloud):
    """A session of demo with `url`, which does not retry."""
    if request.param == "http":
        pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
        with Server(cloud) as server, requests.Session() as session:
            session.url = server.url
            yield log_in(f"{server.url}/identity/v3", session=session)
    else:
        with requests.Session() as session:
            session.url = "http://cloud.example.com"
            session.mount(session.url, CloudAdapter(cloud))
            yield log_in(f"{session.url}/identity/v3", session=session)


def look(session, path="/compute/v2.1/servers", **more):
    return session.get(session.url + path, **more)


def count(cloud):
    return [fault["triggered"] for fault in cloud.faults.list()]


def test_a_rate_limit_says_when_to_retry(cloud, session):
    assert look(session).status_code == 200
    cloud.faults.add("rate-limit", times=2)
    answer = look(session)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert answer.json()["overLimit"]["retryAfter"] == "1"
    assert [look(session).status_code for _ in range(2)] == [429, 200]
    assert count(cloud) == [2]


@pytest.mark.parametrize(("name", "code"), [("bad-gateway", 502), ("gateway-timeout", 504)])
def test_a_proxy_answers_in_html(cloud, session, name, code):
    cloud.faults.add(name)
    answer = look(session)
    assert (answer.status_code, answer.headers["Content-Type"]) == (code, "text/html")
    assert str(code) in answer.text
    cloud.faults.clear()
    assert look(session).status_code == 200


def test_a_fault_affects_the_requests_that_match(cloud, session):
    cloud.faults.add(does="answer", code=503, service="image", method="GET", path="/v2/im*")
    assert look(session, "/image/v2/images").status_code == 503
    assert look(session, "/image/v2/schemas/images").status_code == 200
    assert session.post(f"{session.url}/image/v2/images", json={}).status_code == 201
    assert look(session).status_code == 200


def test_a_slow_answer(cloud, session):
    cloud.faults.add("slow-answer", seconds=0.2, times=1)
    start = time.perf_counter()
    assert look(session).status_code == 200
    assert time.perf_counter() - start >= 0.2
    cloud.faults.add(does="delay", seconds=1, times=1)
    with pytest.raises(requests.ReadTimeout):
        look(session, timeout=(5, 0.2))


def test_a_dropped_connection_does_not_execute_the_request(cloud, session):
    web1 = cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
    stop = f"{session.url}/compute/v2.1/servers/{web1.id}/action"
    cloud.faults.add("dropped-connection", times=1)
    with pytest.raises(requests.ConnectionError):
        session.post(stop, json={"os-stop": None})
    assert web1.status == "ACTIVE"
    cloud.faults.add("lost-answer", times=1)
    with pytest.raises(requests.ConnectionError):
        session.post(stop, json={"os-stop": None})
    assert web1.status == "SHUTOFF"
    assert look(session).status_code == 200


def test_a_lost_answer_of_a_cached_response(cloud, session):
    assert [look(session).status_code for _ in range(2)] == [200, 200]
    cloud.faults.add("lost-answer", times=1)
    with pytest.raises(requests.ConnectionError):
        look(session)
    assert look(session).status_code == 200


def test_an_expired_token_stays_invalid(cloud, session):
    cloud.faults.add("expired-token", times=1)
    first, second = look(session), look(session)
    assert (first.status_code, second.status_code) == (401, 401)
    assert first.headers["WWW-Authenticate"].startswith("Keystone")
    assert count(cloud) == [1]
    log_in(f"{session.url}/identity/v3", session=session)
    assert look(session).status_code == 200


def test_chance_is_seeded(session, cloud):
    def play():
        with cloud.rollback():
            cloud.faults.add("bad-gateway", probability=0.5)
            return [look(session).status_code for _ in range(12)]

    first = play()
    assert set(first) == {200, 502}
    assert play() == first


def test_requests_of_the_library_and_control_are_not_affected(cloud, session):
    cloud.faults.add("bad-gateway")
    assert cloud.servers.list() == []
    assert look(session, "/novasim/fault").status_code == 403  # demo is no administrator


@pytest.mark.parametrize(
    "fields",
    [
        {"does": "answer", "code": 200},
        {"does": "answer", "code": 502, "action": "stop"},
        {"does": "answer", "code": 502, "service": "telephone"},
        {"does": "answer", "code": 502, "method": "FETCH"},
        {"does": "delay"},
        {"does": "delay", "seconds": 601},
        {"does": "drop", "seconds": 1},
        {"does": "drop", "probability": 2},
        {"does": "refuse", "code": 503, "path": "/servers"},
        {"does": "stuck", "seconds": 3},
    ],
)
def test_invalid_faults_are_refused(cloud, fields):
    with pytest.raises(UsageError):
        cloud.faults.add(**fields)
