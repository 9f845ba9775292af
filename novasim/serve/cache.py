"""What is still right: answers as bytes, since clients mostly ask whether something has changed, and who is who."""

from __future__ import annotations

from novasim.cloud import Cloud, Horizon
from novasim.serve.requests import Scope
from novasim.serve.responses import Leaving
from novasim.serve.wire.callers import NOBODY, Known, needs_token, owner_of, shown_in
from novasim.serve.wire.requests import Arrival

MOST = 16 * 2**20  # bytes of content; then it begins anew
CROWD = 1000  # callers, likewise
ANYBODY = Known(NOBODY, float("inf"))

Question = tuple[object, ...]


class Memory:
    """What was answered since the world last changed, whoever changed it: the same question has the same answer."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._horizon: Horizon | None = None
        self._answers: dict[Question, tuple[float, Leaving]] = {}
        self._room = MOST
        self._callers: dict[str, Known] = {}

    def look(self) -> Horizon:
        """How long the world stays as it is; what was answered in another world is forgotten. Raises CloudFileError."""
        horizon = self._cloud.horizon()
        if horizon is not self._horizon:
            self._horizon, self._callers = horizon, {}
            self._forget()
        return horizon

    def caller(self, arrival: Arrival) -> Known:
        """
        Who sends a request; nobody in particular asks for version documents and for tokens.

        Raises:
            Unauthorized: there is no valid token (401). CloudFileError: the world cannot be read.
        """
        if not needs_token(arrival):
            return ANYBODY
        text = shown_in(arrival)
        known = self._callers.get(text)
        if known is None or self._cloud.wall() >= known.until:
            known = owner_of(self._cloud, text)
            if len(self._callers) >= CROWD:
                self._callers = {}
            self._callers[text] = known
        return known

    def recall(self, question: Question) -> Leaving | None:
        """The answer, if it was given in this world and to somebody whose token has not expired."""
        until, answer = self._answers.get(question, (0.0, None))
        return answer if answer is not None and self._cloud.wall() < until else None

    def keep(self, question: Question, answer: Leaving, until: float) -> None:
        """Remember an answer that lasts, at most until that wall time."""
        if len(answer.content) > self._room:
            self._forget()
        if len(answer.content) <= self._room:
            self._answers[question] = until, answer
            self._room -= len(answer.content)

    def _forget(self) -> None:
        self._answers = {}
        self._room = MOST


def question_of(scope: Scope) -> Question | None:
    """All that an answer can depend on but the world, if it is a question that changes nothing."""
    if scope["method"] != "GET":
        return None
    return scope["raw_path"], scope["query_string"], scope["scheme"], *scope["headers"]
