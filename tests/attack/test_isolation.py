"""Nothing of a project can be read or changed by another project: each request of each service, with each object."""

from __future__ import annotations

import json
from typing import Any

from novasim.api.dispatch import handle
from novasim.api.request import Request
from tests.attack import extent
from tests.attack.isolation import MARK, Attempt, Victim, list_attempts, list_references


def own_documents(victim: Victim) -> dict[str, Any]:
    """The documents of the victim: those that contain the mark or an ID of an object or of the project."""
    words = [MARK, *victim.ids.values()]
    return {
        f"{table} {id}": document
        for table, documents in json.loads(victim.play.store.dump()).items()
        for id, document in documents.items()
        if any(word in json.dumps(document) for word in words)
    }


def find_leak(victim: Victim, attempt: Attempt, text: str) -> str:
    """What a response shows of the victim that the request did not contain itself."""
    sent = attempt.path + json.dumps(attempt.body, default=str)
    words = [MARK, *(id for kind, id in victim.ids.items() if kind != "attached")]
    return next((word for word in words if word in text and word not in sent), "")


def test_another_project_reads_and_changes_nothing():
    victim = Victim()
    before = own_documents(victim)
    attempts, references = list(list_attempts(victim)), list(list_references(victim))
    assert len(attempts) >= 1_900
    for attempt in [*attempts[:: extent(3, 1)], *references]:
        service, method, path, body, minor = attempt
        request = Request(victim.play.callers["other"], method, path, minor, (), body, service)
        response = handle(victim.play.cloud, request)
        content = response.body if isinstance(response.body, bytes) else json.dumps(response.body).encode()
        text = content.decode() + json.dumps(response.headers) + str(response.fault)
        assert response.code in (400, 403, 404, 405, 409, 410, 501) or (response.code < 300 and MARK not in text), (
            attempt,
            response,
        )
        assert not find_leak(victim, attempt, text), (attempt, response)
    assert own_documents(victim) == before
