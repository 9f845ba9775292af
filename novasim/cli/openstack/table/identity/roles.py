"""The commands `role` and `role assignment`."""

from __future__ import annotations

from typing import Any

from novasim.cli.openstack.call import Call, CommandError, Item
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import (
    build,
    change,
    create_or_find,
    delete,
    find_id_or_keep,
    opt,
    show,
    show_item,
    show_items,
)
from novasim.cli.openstack.rows import LIST, OBJECT, Row, Run

COLUMNS = "ID, Name"
FIELDS = "id name domain_id description"
ASSIGNMENTS = ("Role", "User", "Group", "Project", "Domain", "System", "Inherited")


def list_roles(call: Call) -> Output:
    """List roles."""
    if not call.args.domain:
        return show_items(call.list("role"), COLUMNS)
    domain = call.find("domain", call.args.domain)
    roles = [{**role, "domain": domain["name"]} for role in call.list("role", [("domain_id", domain["id"])])]
    return show_items(roles, f"{COLUMNS}, Domain")


def create(call: Call) -> Output:
    """Create a role, or show the one of that name with --or-show."""
    body: Item = {"name": call.args.role_name, **build(call, {"description": opt("description")})}
    body |= {"domain_id": call.find_id("domain", call.args.domain)} if call.args.domain else {}
    return show_item(create_or_find(call, "role", call.args.role_name, body), FIELDS)


def change_assignment(method: str) -> Run:
    """Give a role to a user or group in a project, in a domain or in the system, or take it away."""

    def run(call: Call) -> None:
        args = call.args
        if not (args.user or args.group) or not (args.project or args.domain or args.system):
            raise CommandError(INCOMPLETE)
        role = find_id_or_keep(call, "role", args.role, args.role_domain)
        path = f"{_find_scope(call)}/{_find_actor(call)}/roles/{role}"
        if args.inherited and not args.system:
            path = f"OS-INHERIT/{path}/inherited_to_projects"
        call.send(method, f"/v3/{path}", service="identity")

    return run


def _find_actor(call: Call) -> str:
    args = call.args
    if args.user:
        return f"users/{find_id_or_keep(call, 'user', args.user, args.user_domain)}"
    return f"groups/{find_id_or_keep(call, 'group', args.group, args.group_domain)}"


def _find_scope(call: Call) -> str:
    args = call.args
    if args.system:
        return "system"
    if args.domain:
        return f"domains/{find_id_or_keep(call, 'domain', args.domain)}"
    return f"projects/{find_id_or_keep(call, 'project', args.project, args.project_domain)}"


def list_assignments(call: Call) -> Output:
    """List role assignments."""
    args, caller = call.args, call.session.caller
    user = call.find_id("user", args.user) if args.user else caller.user_id if args.auth_user else None
    own = caller.project_id if args.auth_project else None
    query = [
        ("role.id", call.find_id("role", args.role) if args.role else None),
        ("user.id", user),
        ("group.id", find_id_or_keep(call, "group", args.group, args.group_domain) if args.group else None),
        ("scope.project.id", call.find_id("project", args.project) if args.project else own),
        ("scope.domain.id", call.find_id("domain", args.domain) if args.domain else None),
        ("scope.system", args.system),
        ("effective", args.effective or None),
        ("include_names", args.names or None),
        ("scope.OS-INHERIT:inherited_to", "projects" if args.inherited else None),
    ]
    body = call.send("GET", "/v3/role_assignments", query=query, service="identity").body
    return Output(ASSIGNMENTS, [_describe(each, args.names) for each in body["role_assignments"]])


def _describe(assignment: Item, with_names: bool) -> list[Any]:
    scope = assignment.get("scope", {})
    parts = (assignment.get("role"), assignment.get("user"), assignment.get("group"))
    named = [_name(part, with_names) for part in (*parts, scope.get("project"), scope.get("domain"))]
    return [*named, "all" if scope.get("system") else "", scope.get("OS-INHERIT:inherited_to") == "projects"]


def _name(part: Item | None, with_names: bool) -> str:
    if not part:
        return ""
    if not with_names:
        return str(part["id"])
    domain = part.get("domain")
    return f"{part['name']}@{domain['name']}" if domain else str(part["name"])


WHERE = (
    "<role> [--system <system> | --domain <domain> | --project <project>] [--user <user> | --group <group>]"
    " [--group-domain <group-domain>] [--project-domain <project-domain>] [--user-domain <user-domain>] [--inherited]"
    " [--role-domain <role-domain>]"
)
INCOMPLETE = "Role not added, incorrect set of arguments provided. See openstack --help for more details"
ROWS = (
    Row("role list", "[--domain <domain>]", "List roles.", list_roles, LIST),
    Row("role show", "<role> [--domain <domain>]", "Show a role.", show("role", FIELDS), OBJECT),
    Row(
        "role create",
        "<role-name> [--description <description>] [--domain <domain>] [--or-show]",
        "Create a role.",
        create,
        OBJECT,
    ),
    Row(
        "role set",
        "<role> [--description <description>] [--domain <domain>] [--name <name>]",
        "Change a role.",
        change("role", {"description": opt("description"), "name": opt("name")}, method="PATCH"),
    ),
    Row("role delete", "<role>... [--domain <domain>]", "Delete roles.", delete("role", "role")),
    Row("role add", WHERE, "Give a role to a user or group.", change_assignment("PUT")),
    Row("role remove", WHERE, "Take a role from a user or group.", change_assignment("DELETE")),
    Row(
        "role assignment list",
        "[--effective] [--role <role>] [--role-domain <role-domain>] [--names] [--user <user>]"
        " [--user-domain <user-domain>] [--group <group>] [--group-domain <group-domain>]"
        " [--domain <domain> | --project <project> | --system <system>]"
        " [--project-domain <project-domain>] [--inherited] [--auth-user] [--auth-project]",
        "List role assignments.",
        list_assignments,
        LIST,
    ),
)
