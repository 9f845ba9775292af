"""The commands `trust`, for rights that a user gives to another one."""

from __future__ import annotations

from datetime import datetime, timezone

from novasim.cli.openstack.call import Call, CommandError, Item
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import delete, find_id_or_keep, show, show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row

COLUMNS = "ID, Expires At, Impersonation, Project ID, Trustee User ID, Trustor User ID"
FIELDS = (
    "expires_at id is_impersonation|impersonation project_id redelegated_trust_id redelegation_count remaining_uses"
    " roles trustee_user_id trustor_user_id"
)
DOMAINS = "[--trustor-domain <trustor-domain>] [--trustee-domain <trustee-domain>]"
EXPIRY = "%Y-%m-%dT%H:%M:%S"


def create_trust(call: Call) -> Output:
    """
    Create a trust.

    Raises:
        CommandError: the time at which it expires has another form.
    """
    args = call.args
    body: Item = {
        "trustor_user_id": find_id_or_keep(call, "user", args.trustor_user, args.trustor_domain),
        "trustee_user_id": find_id_or_keep(call, "user", args.trustee_user, args.trustee_domain),
        "project_id": find_id_or_keep(call, "project", args.project, args.project_domain),
        "roles": [{"id": find_id_or_keep(call, "role", name)} for name in args.role],
        "impersonation": args.impersonate,
    }
    if args.expiration:
        body["expires_at"] = _read_expiry(args.expiration)
    return show_item(call.create("trust", body), FIELDS)


def _read_expiry(text: str) -> str:
    try:
        return datetime.strptime(text, EXPIRY).replace(tzinfo=timezone.utc).strftime(EXPIRY)
    except ValueError:
        raise CommandError(f"time data '{text}' does not match format '{EXPIRY}'") from None


def list_trusts(call: Call) -> Output:
    """
    List trusts.

    Raises:
        CommandError: the options contradict each other.
    """
    args, own = call.args, call.session.caller.user_id
    _check_options(call)
    if args.auth_user:
        found = [*call.list("trust", [("trustor_user_id", own)]), *call.list("trust", [("trustee_user_id", own)])]
        return show_items([*{trust["id"]: trust for trust in found}.values()], COLUMNS)
    query = {"trustor_user_id": (args.trustor, args.trustor_domain)}
    query["trustee_user_id"] = (args.trustee, args.trustee_domain)
    pairs = [
        (key, find_id_or_keep(call, "user", name, domain) if name else None) for key, (name, domain) in query.items()
    ]
    return show_items(call.list("trust", pairs), COLUMNS)


def _check_options(call: Call) -> None:
    args = call.args
    if args.auth_user and (args.trustor or args.trustor_domain or args.trustee or args.trustee_domain):
        raise CommandError("--authuser cannot be used with --trustee or --trustor")
    for name in ("trustee", "trustor"):
        if getattr(args, f"{name}_domain") and not getattr(args, name):
            raise CommandError(f"Using --{name}-domain mandates the use of --{name}")


ROWS = (
    Row(
        "trust create",
        "<trustor-user> <trustee-user> --project <project> --role <role>... [--impersonate]"
        f" [--expiration <expiration>] [--project-domain <project-domain>] {DOMAINS}",
        "Create a trust.",
        create_trust,
        OBJECT,
    ),
    Row(
        "trust list",
        f"[--trustor <trustor-user>] [--trustee <trustee-user>] {DOMAINS} [--auth-user]",
        "List trusts.",
        list_trusts,
        LIST,
    ),
    Row("trust show", "<trust>", "Show a trust.", show("trust", FIELDS), OBJECT),
    Row("trust delete", "<trust>...", "Delete trusts.", delete("trust", "trust")),
)
