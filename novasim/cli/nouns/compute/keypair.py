"""Key pairs."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.collection import noun_group
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session

COLUMNS = {"Name": "name", "Fingerprint": "fingerprint", "Type": "type"}

keypair = noun_group("keypair", "Key pairs: the public SSH keys that a new server lets in.", COLUMNS, example="mine")


@keypair.command("create")
@click.argument("name")
@click.option(
    "--public-key",
    type=click.File("r", encoding="utf-8", errors="replace"),
    help="Key to import (default: a new one is made).",
)
@click.option("--private-key", type=click.File("w"), help="File for the private key (default: printed).")
@output_options
@pass_session
def create_keypair(session: Session, name: str, public_key: Any, private_key: Any) -> None:
    """
    Import a public key, or have a pair made; the private key is shown this once.

    Example: novasim keypair create mine --public-key ~/.ssh/id_ed25519.pub
    """
    body = {"name": name} | ({"public_key": public_key.read().strip()} if public_key else {})
    with session.transaction(writes=True):  # a private key that cannot be kept is of no use to anybody
        made = session.request("POST", "/os-keypairs", {"keypair": body}, minor=91).body["keypair"]
        if private_key is not None and "private_key" in made:
            private_key.write(made.pop("private_key"))
            private_key.flush()
    if "private_key" in made and session.fmt == "table" and not session.quiet:
        click.echo(made["private_key"], nl=False)
        return
    session.show({"id": made["name"], **made})
