"""Who may do what: Nova's policy rules with their defaults, and a cloud's own overrides."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from novasim.api.policy_defaults import DEFAULTS
from novasim.api.policy_rules import Rule, parse
from novasim.records import Caller

_parsed = lru_cache(maxsize=None)(parse)


class Policy:
    """
    The rules of one cloud.

    Args:
        overrides: Rule name -> check string, in oslo.policy's language.
    """

    def __init__(self, overrides: Mapping[str, str]) -> None:
        self.overrides = overrides
        self._open: set[str] = set()

    def allows(self, rule: str, caller: Caller, target: Mapping[str, Any]) -> bool:
        """Whether *caller* may do what *rule* guards to *target* (its project_id, user_id, ...)."""
        return self.rule(rule)(self, caller, target)

    def follow(self, name: str, caller: Caller, target: Mapping[str, Any]) -> bool:
        """What a rule says that another refers to; one that leads back to itself is never true."""
        if name in self._open:
            return False
        self._open.add(name)
        try:
            return self.allows(name, caller, target)
        finally:
            self._open.discard(name)

    def rule(self, name: str) -> Rule:
        """The check of a rule; an unknown one falls back on `default`, and without that it is never true."""
        text = self.overrides.get(name, DEFAULTS.get(name))
        if text is None:
            text = self.overrides.get("default", "!")
        return _parsed(text)
