"""Enforces policy rules: Nova's defaults, and the overrides of a cloud."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from novasim.api.policy.defaults import DEFAULTS
from novasim.api.policy.parser import Check, parse_rule
from novasim.errors import BadRequest, UsageError
from novasim.records import Caller

CALLER_FIELDS = {"user_id": "user_id", "user": "user_id", "project_id": "project_id", "tenant": "project_id"}
FIXED_CREDENTIALS = {"is_admin_project": ("True",), "system_scope": ("None",), "domain_id": ("None",)}
MAX_DEPTH = 50  # length of a chain of rules that refer to each other; Nova's need at most four

_parse_rule = lru_cache(maxsize=1024)(parse_rule)


class Enforcer:
    """
    The policy rules of one cloud, for one request at a time.

    Args:
        overrides: Rule name -> check string, in oslo.policy's syntax.
    """

    def __init__(self, overrides: Mapping[str, str]) -> None:
        self.overrides = overrides
        self._being_checked: set[str] = set()
        self._results: dict[tuple[str, int], bool] = {}  # of rules below the one that is checked

    def enforce(self, rule: str, caller: Caller, target: Mapping[str, Any]) -> bool:
        """
        Return whether *rule* is true for *caller* and *target* (its project_id, user_id, ...).

        Raises:
            BadRequest: an override cannot be parsed, or rules refer to one another too deeply (400).
        """
        try:
            return self.find_check(rule)(self, caller, target)
        except RecursionError:
            raise _too_deep(rule) from None

    def check_rule(self, name: str, caller: Caller, target: Mapping[str, Any]) -> bool:
        """Check a rule to which another one refers. A rule that refers back to itself is false."""
        if not self._being_checked:
            self._results.clear()
        elif name in self._being_checked:
            return False
        key = name, id(target)
        if key in self._results:  # otherwise rules that each name the next one twice would take exponential time
            return self._results[key]
        if len(self._being_checked) == MAX_DEPTH:
            raise _too_deep(name)
        self._being_checked.add(name)
        try:
            result = self._results[key] = self.enforce(name, caller, target)
            return result
        finally:
            self._being_checked.discard(name)

    def is_admin(self, caller: Caller) -> bool:
        """Whether Nova treats the caller as an administrator: the rule context_is_admin."""
        return self.check_rule("context_is_admin", caller, own_target(caller))

    def credential_values(self, name: str, caller: Caller) -> tuple[str, ...]:
        """
        Return the values of the caller's attribute *name*, which a check such as `user_id:%(user_id)s` compares.

        Callers are always scoped to a project and have no domain here; an unknown attribute has no value.
        Source: to_policy_values of Nova's and of oslo.context's RequestContext.
        """
        if name == "roles":
            return caller.roles
        if name == "is_admin":
            return (str(self.is_admin(caller)),)
        return (getattr(caller, CALLER_FIELDS[name]),) if name in CALLER_FIELDS else FIXED_CREDENTIALS.get(name, ())

    def find_check_str(self, name: str) -> str:
        """Return the effective check string of a rule; that of an unknown rule is `default`'s, or else `!`."""
        overrides = self.overrides
        if name in overrides:
            return overrides[name]
        if overrides and (by_old_name := self._find_override_by_old_name(name)) is not None:
            return by_old_name
        return DEFAULTS[name] if name in DEFAULTS else overrides.get("default", "!")

    def _find_override_by_old_name(self, name: str) -> str | None:
        """
        Return the override of the rule that *name* has replaced, unless it only repeats the old or the new check.

        Source: oslo.policy, Enforcer._handle_deprecated_rule.
        """
        from novasim.api.policy.operations import DEPRECATED_RULES

        deprecated = DEPRECATED_RULES.get(name)
        check_str = self.overrides.get(deprecated.name) if deprecated else None
        return None if deprecated is None or check_str in (deprecated.check_str, f"rule:{name}") else check_str

    def find_check(self, name: str) -> Check:
        """
        Return the parsed check of a rule.

        Raises:
            BadRequest: its override cannot be parsed (400).
        """
        try:
            return _parse_rule(self.find_check_str(name))
        except UsageError as error:
            raise BadRequest(reason=f"Policy rule {name}: {error}") from None


def own_target(caller: Caller) -> dict[str, str]:
    """The target of a rule that is checked for the caller's own project."""
    return {"project_id": caller.project_id, "user_id": caller.user_id}


@lru_cache(maxsize=1024)  # each request asks for several rules, and most clouds have no policy of their own
def is_allowed_by_default(rule: str, caller: Caller) -> bool:
    """Whether Nova's defaults allow a rule to a caller in the caller's own project."""
    return Enforcer({}).enforce(rule, caller, own_target(caller))


def _too_deep(rule: str) -> BadRequest:
    return BadRequest(reason=f"Policy rule {rule}: too many rules refer to one another ({MAX_DEPTH} is the maximum).")
