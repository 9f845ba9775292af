"""The commands `user`."""

from __future__ import annotations

from typing import Any

from novasim.cli.openstack.call import Call, Item
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import (
    build,
    create_or_find,
    delete,
    opt,
    ref,
    show,
    show_item,
    show_items,
    switch,
)
from novasim.cli.openstack.rows import LIST, OBJECT, Row
from novasim.render.output import print_message

COLUMNS = "ID, Name"
LONG = f"{COLUMNS}, Project|default_project_id, Domain|domain_id, Description, Email, Enabled"
FIELDS = "default_project_id domain_id email enabled id name description password_expires_at options"
NO_PASSWORD = "No password was supplied, authentication will fail when a user does not have a password."
OPTIONS = {
    "ignore_lockout_failure_attempts": ("ignore_lockout_failure_attempts", "no_ignore_lockout_failure_attempts"),
    "ignore_password_expiry": ("ignore_password_expiry", "no_ignore_password_expiry"),
    "ignore_change_password_upon_first_use": (
        "ignore_change_password_upon_first_use",
        "no_ignore_change_password_upon_first_use",
    ),
    "lock_password": ("enable_lock_password", "disable_lock_password"),
    "multi_factor_auth_enabled": ("enable_multi_factor_auth", "disable_multi_factor_auth"),
}
"""Options of a user: the flags that turn them on and off."""


def list_users(call: Call) -> Output:
    """List users; with --project those that have a role in it."""
    args = call.args
    if args.project:
        users = [call.get("user", id) for id in list_user_ids(call, args.project)]
    else:
        query = build(call, {"domain_id": ref("domain"), "limit": opt("limit"), "marker": opt("marker")})
        query |= {"enabled": args.enabled} if args.enabled or args.disabled else {}
        users = call.list("user", query.items())
    return show_items(users[: args.max_items], LONG if args.long else COLUMNS)


def list_user_ids(call: Call, project: str) -> list[str]:
    """The IDs of the users that have a role in a project, which has this ID or name. Errors as for `Call.find`."""
    query = [("scope.project.id", call.find_id("project", project))]
    body = call.send("GET", "/v3/role_assignments", query=query, service="identity").body
    return [*dict.fromkeys(each["user"]["id"] for each in body["role_assignments"] if "user" in each)]


def _read_password(call: Call) -> str | None:
    if call.args.password_prompt:
        from getpass import getpass

        return getpass("User Password: ")
    password: str | None = call.args.password
    return password


def _options(call: Call) -> Item:
    options: dict[str, Any] = build(call, {name: switch(on, off) for name, (on, off) in OPTIONS.items()})
    if call.args.multi_factor_auth_rule:
        options["multi_factor_auth_rules"] = [rule.split(",") for rule in call.args.multi_factor_auth_rule]
    return {"options": options} if options else {}


CHANGES = {
    "description": opt("description"),
    "email": opt("email"),
    "default_project_id": ref("project"),
}


def create(call: Call) -> Output:
    """Create a user, or show the one of that name with --or-show."""
    args, password = call.args, _read_password(call)
    body: Item = {"name": args.name, "enabled": not args.disable, **build(call, CHANGES), **_options(call)}
    body |= {"domain_id": call.find_id("domain", args.domain)} if args.domain else {}
    if password:
        body["password"] = password
    else:
        print_message(NO_PASSWORD)
    return show_item(create_or_find(call, "user", args.name, body), FIELDS)


def set_user(call: Call) -> None:
    """Change a user."""
    password = _read_password(call)
    id = call.find_id("user", call.args.user)
    attributes = {**CHANGES, "name": opt("name"), "enabled": switch("enable", "disable")}
    body = {**build(call, attributes), **_options(call), **({"password": password} if password else {})}
    call.update("user", id, body, "PATCH")


def set_password(call: Call) -> None:
    """Change the password of the caller."""
    from getpass import getpass

    args = call.args
    old = args.original_password if args.original_password is not None else getpass("Current Password:")
    new = args.password if args.password is not None else getpass("New Password:")
    body = {"user": {"password": new, "original_password": old}}
    call.send("POST", f"/v3/users/{call.session.caller.user_id}/password", body, service="identity")


FLAGS = " ".join(f"[--{on.replace('_', '-')} | --{off.replace('_', '-')}]" for on, off in OPTIONS.values())
DETAILS = (
    "[--domain <domain>] [--project <project>] [--project-domain <project-domain>] [--password <password>]"
    " [--password-prompt] [--email <email-address>] [--description <description>]"
    f" {FLAGS} [--multi-factor-auth-rule <rule>]... [--enable | --disable]"
)
ROWS = (
    Row(
        "user list",
        "[--domain <domain>] [--project <project>] [--long] [--enabled | --disabled] [--limit <#count>]"
        " [--marker <user>] [--max-items <#count>]",
        "List users.",
        list_users,
        LIST,
    ),
    Row("user show", "<user> [--domain <domain>]", "Show a user.", show("user", FIELDS), OBJECT),
    Row("user create", f"<name> {DETAILS} [--or-show]", "Create a user.", create, OBJECT),
    Row("user set", f"<user> [--name <name>] {DETAILS}", "Change a user.", set_user),
    Row(
        "user password set",
        "[--password <new-password>] [--original-password <original-password>]",
        "Change your password.",
        set_password,
    ),
    Row("user delete", "<user>... [--domain <domain>]", "Delete users.", delete("user", "user")),
)
