"""Who may do what: Nova's policy rules with their defaults, and a cloud's own overrides."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from novasim.api.policy.defaults import DEFAULTS
from novasim.api.policy.parser import Rule, parse
from novasim.errors import BadRequest, UsageError
from novasim.records import Caller

FIELDS = {"user_id": "user_id", "user": "user_id", "project_id": "project_id", "tenant": "project_id"}
FIXED = {"is_admin_project": ("True",), "system_scope": ("None",), "domain_id": ("None",)}
FARTHEST = 50  # so many rules may refer to one another in a row; Nova's own go four far

_parsed = lru_cache(maxsize=1024)(parse)


class Policy:
    """
    The rules of one cloud, for one request at a time.

    Args:
        overrides: Rule name -> check string, in oslo.policy's language.
    """

    def __init__(self, overrides: Mapping[str, str]) -> None:
        self.overrides = overrides
        self._open: set[str] = set()

    def allows(self, rule: str, caller: Caller, target: Mapping[str, Any]) -> bool:
        """
        Whether *caller* may do what *rule* guards to *target* (its project_id, user_id, ...).

        Raises:
            BadRequest: an override that is asked for cannot be read, or leads too far (400).
        """
        try:
            return self.rule(rule)(self, caller, target)
        except RecursionError:
            raise _too_far(rule) from None

    def follow(self, name: str, caller: Caller, target: Mapping[str, Any]) -> bool:
        """What a rule says that another refers to; one that leads back to itself is never true."""
        if name in self._open:
            return False
        if len(self._open) == FARTHEST:
            raise _too_far(name)
        self._open.add(name)
        try:
            return self.allows(name, caller, target)
        finally:
            self._open.discard(name)

    def is_admin(self, caller: Caller) -> bool:
        """Whether Nova takes the caller for an administrator: what the rule context_is_admin says."""
        own = {"project_id": caller.project_id, "user_id": caller.user_id}
        return self.follow("context_is_admin", caller, own)

    def credential(self, name: str, caller: Caller) -> tuple[str, ...]:
        """
        What the attribute of the caller may equal that a check such as `user_id:%(user_id)s` names.

        Callers are always scoped to a project, and their domains are not known here; nothing equals what is unknown.
        Source: to_policy_values of Nova's and of oslo.context's RequestContext.
        """
        if name == "roles":
            return caller.roles
        if name == "is_admin":
            return (str(self.is_admin(caller)),)
        return (getattr(caller, FIELDS[name]),) if name in FIELDS else FIXED.get(name, ())

    def check_of(self, name: str) -> str:
        """The check string that counts for a rule; an unknown one falls back on `default`, and else is never true."""
        overrides = self.overrides
        if name in overrides:
            return overrides[name]
        if overrides and (renamed := self._check_of_predecessor(name)) is not None:
            return renamed
        return DEFAULTS[name] if name in DEFAULTS else overrides.get("default", "!")

    def _check_of_predecessor(self, name: str) -> str | None:
        """
        Who overrides a rule by its former name means the present one too, unless it only repeats what was or is.

        Source: oslo.policy, Enforcer._handle_deprecated_rule.
        """
        from novasim.api.policy.operations import PREDECESSORS

        former = PREDECESSORS.get(name)
        check = self.overrides.get(former.name) if former else None
        return None if former is None or check in (former.check, f"rule:{name}") else check

    def rule(self, name: str) -> Rule:
        """The check of a rule as a function."""
        try:
            return _parsed(self.check_of(name))
        except UsageError as error:
            raise BadRequest(reason=f"Policy rule {name}: {error}") from None


def _too_far(rule: str) -> BadRequest:
    return BadRequest(reason=f"Policy rule {rule} leads through too many others.")
