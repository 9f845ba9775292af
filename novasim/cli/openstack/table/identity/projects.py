"""The commands `project` and `domain`."""

from __future__ import annotations

from novasim.cli.openstack.call import ApiError, Call, Item
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import (
    OMIT,
    build,
    change,
    create,
    create_or_find,
    delete,
    list_all,
    opt,
    show,
    show_item,
    show_items,
    switch,
)
from novasim.cli.openstack.rows import LIST, OBJECT, Row

PROJECTS = "ID, Name"
PROJECTS_LONG = f"{PROJECTS}, Domain ID, Description, Enabled"
PROJECT = "description domain_id enabled id is_domain name options parent_id tags"
DOMAINS = "ID, Name, Enabled, Description"
DOMAIN = "id name enabled description options"


def list_projects(call: Call) -> Output:
    """List projects; those of the caller if it may not list all."""
    args = call.args
    query = build(call, {"limit": opt("limit"), "marker": opt("marker"), "tags": opt("tags")})
    query |= {"domain_id": call.find_id("domain", args.domain)} if args.domain else {}
    query |= {"parent_id": call.find_id("project", args.parent)} if args.parent else {}
    query |= {"enabled": args.enabled} if args.enabled or args.disabled else {}
    user = call.find_id("user", args.user) if args.user else ""
    if args.my_projects:
        query, user = {}, call.session.caller.user_id
    projects = _list_of_user(call, user, query) if user else _list_all(call, query)
    return show_items(projects[: args.max_items], PROJECTS_LONG if args.long else PROJECTS)


def _list_of_user(call: Call, user: str, query: Item) -> list[Item]:
    path = f"/v3/users/{user}/projects"
    found: list[Item] = call.send("GET", path, query=query.items(), service="identity").body["projects"]
    return found


def _list_all(call: Call, query: Item) -> list[Item]:
    try:
        return call.list("project", query.items())
    except ApiError:
        if query:
            raise
        return _list_of_user(call, call.session.caller.user_id, query)


def show_project(project: Item) -> Output:
    """Show a project with its further attributes."""
    known = {*PROJECT.split(), "links"}
    more = [f"{key}|{key}" for key in project if key not in known]
    return show_item(project, " ".join([PROJECT, *more]))


def create_project(call: Call) -> Output:
    """Create a project, or show the one of that name with --or-show."""
    args = call.args
    body: Item = {"name": args.project_name, "enabled": not args.disable, **(args.property or {})}
    body |= build(call, {"description": opt("description"), "tags": opt("tag")})
    body |= {"domain_id": call.find_id("domain", args.domain)} if args.domain else {}
    body |= {"parent_id": call.find_id("project", args.parent)} if args.parent else {}
    body |= {"options": {"immutable": args.immutable}} if args.immutable or args.no_immutable else {}
    return show_project(create_or_find(call, "project", args.project_name, body))


def set_project(call: Call) -> None:
    """Change a project."""
    args, project = call.args, call.find("project", call.args.project)
    body = build(
        call,
        {"name": opt("name"), "description": opt("description"), "enabled": switch("enable", "disable")},
    )
    body |= args.property or {}
    body |= {"options": {"immutable": args.immutable}} if args.immutable or args.no_immutable else {}
    if args.tag or args.remove_tag or args.clear_tags:
        old = [] if args.clear_tags else [tag for tag in project["tags"] if tag not in (args.remove_tag or [])]
        body["tags"] = sorted({*old, *(args.tag or [])})
    call.update("project", project["id"], body, "PATCH")


IMMUTABLE = "[--immutable | --no-immutable]"
PROPERTIES = "[--property <key=value>]..."
STATE = "[--enable | --disable]"
ROWS = (
    Row(
        "project list",
        "[--domain <domain>] [--parent <project>] [--user <user>] [--my-projects] [--long] [--enabled | --disabled]"
        " [--tags <tags>] [--limit <#count>] [--marker <project>] [--max-items <#count>]",
        "List projects.",
        list_projects,
        LIST,
    ),
    Row(
        "project show",
        "<project> [--domain <domain>]",
        "Show a project.",
        lambda call: show_project(call.find("project", call.args.project)),
        OBJECT,
    ),
    Row(
        "project create",
        f"<project-name> [--domain <domain>] [--parent <project>] [--description <description>] {STATE} {PROPERTIES}"
        f" [--or-show] {IMMUTABLE} [--tag <tag>]...",
        "Create a project.",
        create_project,
        OBJECT,
    ),
    Row(
        "project set",
        f"<project> [--name <name>] [--domain <domain>] [--description <description>] {STATE} {PROPERTIES} {IMMUTABLE}"
        " [--tag <tag>]... [--clear-tags] [--remove-tag <tag>]...",
        "Change a project.",
        set_project,
    ),
    Row("project delete", "<project>... [--domain <domain>]", "Delete projects.", delete("project", "project")),
    Row(
        "domain list",
        "[--name <name>] [--enabled]",
        "List domains.",
        list_all("domain", DOMAINS, query={"name": opt("name"), "enabled": lambda call: call.args.enabled or OMIT}),
        LIST,
    ),
    Row("domain show", "<domain>", "Show a domain.", show("domain", DOMAIN), OBJECT),
    Row(
        "domain create",
        f"<domain-name> [--description <description>] {STATE}",
        "Create a domain.",
        create(
            "domain",
            {
                "name": opt("domain_name"),
                "description": opt("description"),
                "enabled": lambda call: not call.args.disable,
            },
            DOMAIN,
        ),
        OBJECT,
    ),
    Row(
        "domain set",
        f"<domain> [--name <name>] [--description <description>] {STATE}",
        "Change a domain.",
        change(
            "domain",
            {"name": opt("name"), "description": opt("description"), "enabled": switch("enable", "disable")},
            method="PATCH",
        ),
    ),
    Row("domain delete", "<domain>...", "Delete domains.", delete("domain", "domain")),
)
