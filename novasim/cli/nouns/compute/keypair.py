"""Key pairs."""

from __future__ import annotations

import click

from novasim.cli.collection import noun_group
from novasim.cli.files import FORCE, FileContent, check_is_not_cloud, write_output
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.render.output import print_text

COLUMNS = {"Name": "name", "Fingerprint": "fingerprint", "Type": "type"}

keypair = noun_group("keypair", "Key pairs: SSH keys for new servers.", COLUMNS, example="mine")


@keypair.command("create")
@click.argument("name")
@click.option(
    "--public-key",
    type=FileContent(),
    help="Public key to import (default: generate a pair).",
)
@click.option(
    "--private-key",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="New file for the private key (default: print it).",
)
@FORCE
@output_options
@pass_session
def create_keypair(session: Session, name: str, public_key: bytes | None, private_key: str | None, force: bool) -> None:
    """
    Import a public key, or generate a key pair, whose private key is shown only once.

    Example: novasim keypair create mine --public-key ~/.ssh/id_ed25519.pub
    """
    check_is_not_cloud(private_key or "-", session.path)
    text = None if public_key is None else public_key.decode("utf-8", "replace").replace("\r\n", "\n").strip()
    body = {"name": name} | ({} if text is None else {"public_key": text})
    with session.transaction(writes=True):  # rolled back if the file cannot be written: the private key would be lost
        pair = session.request("POST", "/os-keypairs", {"keypair": body}, minor=91).body["keypair"]
        if private_key is not None and "private_key" in pair:
            write_output(private_key, pair.pop("private_key").encode(), force=force)
    if "private_key" in pair and session.fmt == "table" and not session.quiet:
        print_text(pair["private_key"])
        return
    session.show(pair, id_key="name")
