"""The commands `credential` and `ec2 credentials`."""

from __future__ import annotations

from novasim.cli.openstack.call import Call, Item
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import find_id_or_keep, get_by_id, get_document, show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row

COLUMNS = "ID, Type, User ID, Data|blob, Project ID"
FIELDS = "blob id project_id type user_id"
KEYS = "Access, Secret, Project ID|tenant_id, User ID"
KEY = "access links project_id|tenant_id secret trust_id user_id"
PATH = "/v3/credentials/{}"


def list_credentials(call: Call) -> Output:
    """List credentials."""
    args = call.args
    query = [("type", args.type)]
    query += [("user_id", call.find_id("user", args.user))] if args.user else []
    return show_items(call.list("credential", query), COLUMNS)


def show_credential(call: Call) -> Output:
    """Show a credential."""
    return show_item(get_by_id(call, "Credential", call.args.credential_id, PATH, "identity")["credential"], FIELDS)


def create_credential(call: Call) -> Output:
    """Create a credential."""
    args = call.args
    body: Item = {"user_id": call.find_id("user", args.user), "type": args.type or "cert", "blob": args.data}
    body["project_id"] = call.find_id("project", args.project) if args.project else None
    return show_item(call.create("credential", body), FIELDS)


def set_credential(call: Call) -> None:
    """Change type and data of a credential. The real client requires a user, whom it only looks for."""
    args = call.args
    call.find("user", args.user)
    call.update("credential", args.credential_id, {"type": args.type, "blob": args.data}, "PATCH")


def delete_credentials(call: Call) -> None:
    """Delete credentials. The real client ignores those that do not exist."""
    for id in call.args.credential_id:
        with call.attempt(f"Failed to delete credentials with ID '{id}'"):
            call.delete_if_found(PATH.format(id), "identity")
    call.check_failures(len(call.args.credential_id), "credential failed to delete")


def _path(call: Call, rest: str = "") -> str:
    args = call.args
    user = find_id_or_keep(call, "user", args.user, args.user_domain) if args.user else call.session.caller.user_id
    return f"/v3/users/{user}/credentials/OS-EC2{rest}"


def list_keys(call: Call) -> Output:
    """List keys of EC2."""
    return show_items(get_document(call, _path(call), "identity")["credentials"], KEYS)


def show_key(call: Call) -> Output:
    """Show a key of EC2."""
    return show_item(get_document(call, _path(call, f"/{call.args.access_key}"), "identity")["credential"], KEY)


def create_key(call: Call) -> Output:
    """Create a key of EC2."""
    args = call.args
    project = find_id_or_keep(call, "project", args.project, args.project_domain) if args.project else call.project_id
    body = call.send("POST", _path(call), {"tenant_id": project}, service="identity").body
    return show_item(body["credential"], KEY)


def delete_keys(call: Call) -> None:
    """Delete keys of EC2."""
    for key in call.args.access_key:
        with call.attempt(f"Failed to delete EC2 credentials with access key '{key}'"):
            call.send("DELETE", _path(call, f"/{key}"), service="identity")
    call.check_failures(len(call.args.access_key), "EC2 keys failed to delete")


USER = "[--user <user>] [--user-domain <user-domain>]"
ROWS = (
    Row("credential list", f"{USER} [--type <type>]", "List credentials.", list_credentials, LIST),
    Row("credential show", "<credential-id>", "Show a credential.", show_credential, OBJECT),
    Row(
        "credential create",
        "<user> <data> [--type <type>] [--project <project>]",
        "Create a credential.",
        create_credential,
        OBJECT,
    ),
    Row(
        "credential set",
        "<credential-id> --user <user> --type <type> --data <data> [--project <project>]",
        "Change a credential.",
        set_credential,
    ),
    Row("credential delete", "<credential-id>...", "Delete credentials.", delete_credentials),
    Row("ec2 credentials list", USER, "List keys of EC2.", list_keys, LIST),
    Row("ec2 credentials show", f"<access-key> {USER}", "Show a key of EC2.", show_key, OBJECT),
    Row(
        "ec2 credentials create",
        f"[--project <project>] [--project-domain <project-domain>] {USER}",
        "Create a key of EC2.",
        create_key,
        OBJECT,
    ),
    Row("ec2 credentials delete", f"<access-key>... {USER}", "Delete keys of EC2.", delete_keys),
)
