"""Policy rules: list them, check a caller, and load a policy file."""

from __future__ import annotations

import click

from novasim.cli.lookup import server_id
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.errors import NotFound, UsageError
from novasim.suggestions import did_you_mean

SEE = " See: novasim policy list"
COLUMNS = {"Rule": "rule", "Check": "check", "Guards": "guards"}


@click.group()
def policy() -> None:
    """
    Policy rules: Nova's defaults, and a policy file of your own.

    Example: novasim policy list --changed
    """


@policy.command("list")
@click.option("--changed", is_flag=True, help="Only what differs from Nova's defaults.")
@output_options
@pass_session
def list_rules(session: Session, changed: bool) -> None:
    """
    List all rules with their checks and the requests that they protect.

    Example: novasim policy list -c Rule -c Check
    """
    from novasim.api.policy.files import list_effective_rules

    rows = [
        {"rule": rule.name, "check": rule.check_str, "default": rule.default, "guards": list(rule.operations)}
        for rule in list_effective_rules(_overrides(session))
        if not changed or rule.check_str != rule.default
    ]
    session.show_list(rows, COLUMNS, "rule")


@policy.command("check")
@click.argument("rule", metavar="RULE-OR-ACTION")
@click.option("--server", help="Server as the target (name or ID); default: a server of the caller's project.")
@output_options
@pass_session
def check_rule(session: Session, rule: str, server: str | None) -> None:
    """
    Check whether the caller satisfies a rule, or the rule of an action such as resize. If not, the exit code is 5.

    Example: novasim --as demo policy check resize
    """
    from novasim.api.policy.enforcer import Enforcer

    name, caller = _find_rule(rule, session), session.caller
    enforcer = Enforcer(_overrides(session))
    target = _policy_target(session, server)
    allowed = enforcer.enforce(name, caller, target)
    session.show(
        {
            "rule": name,
            "check": enforcer.find_check_str(name),
            "caller": session.who,
            "roles": list(caller.roles),
            "allowed": allowed,
        }
    )
    if not allowed:
        click.get_current_context().exit(5)


@policy.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@pass_session
def load(session: Session, file: str) -> None:
    """
    Load a policy file in oslo.policy's syntax (YAML or JSON), in place of an earlier one.

    A file with an invalid rule is refused; the error names the file, the line and the rule.

    Example: novasim policy load policy.yaml
    """
    from novasim.api.policy.files import load_policy_file

    _set_overrides(session, load_policy_file(file))


@policy.command("reset")
@pass_session
def reset(session: Session) -> None:
    """
    Restore Nova's default rules.

    Example: novasim policy reset
    """
    _set_overrides(session, {})


def _overrides(session: Session) -> dict[str, str]:
    with session.cloud.reading() as world:
        return dict(world.settings.policy)


def _set_overrides(session: Session, overrides: dict[str, str]) -> None:
    from novasim.control.options import set_policy_overrides

    session.control(set_policy_overrides, overrides)


def _find_rule(text: str, session: Session) -> str:
    from novasim.api.policy.defaults import DEFAULTS
    from novasim.lifecycle.actions import ACTIONS

    if text in ACTIONS:
        return ACTIONS[text].policy
    if text not in DEFAULTS and text not in _overrides(session):
        raise UsageError(f"There is no rule or action {text!r}.{did_you_mean(text, [*DEFAULTS, *ACTIONS]) or SEE}")
    return text


def _policy_target(session: Session, server: str | None) -> dict[str, str]:
    caller = session.caller
    if server is None:
        return {"project_id": caller.project_id, "user_id": caller.user_id}
    from novasim.records import Server

    with session.cloud.reading() as world:
        named = world.tx.query(Server, {"name": server})
        found = named[0] if named else world.tx.get(Server, server_id(session, server))
    if found is None:
        raise NotFound(reason=f"Instance {server} could not be found.")
    return {"project_id": found.project_id, "user_id": found.user_id}
