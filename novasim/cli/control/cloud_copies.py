"""Copies of the cloud: export, import and copy it."""

from __future__ import annotations

import click

from novasim.cli.files import FORCE, check_is_not_cloud, write_output
from novasim.cli.options import pass_session
from novasim.cli.session import Session
from novasim.control import worlds
from novasim.errors import UsageError
from novasim.remote import is_remote
from novasim.render.output import print_line, print_message


def print_backup(kept: str) -> None:
    """Say on stderr under which name the replaced state is kept; "" if there was no state."""
    if kept:
        print_message(f"The replaced state is kept as {kept}.")


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--with-secrets", is_flag=True, help="Include the key that signs tokens, and hashes of passwords.")
@FORCE
@pass_session
def export_cloud(session: Session, file: str, with_secrets: bool, force: bool) -> None:
    """
    Export the cloud to a file, or to standard output if FILE is "-". Passwords are left out.

    Example: novasim cloud export lab.json
    """
    check_is_not_cloud(file, session.path)
    write_output(file, _export(session, with_secrets), force=force)


def _export(session: Session, with_secrets: bool) -> bytes:
    if session.at is None:
        return session.states.export(with_secrets)
    from novasim.control.exports import remove_secrets

    state = session.cloud.store.dump()
    return state if with_secrets else remove_secrets(state)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@pass_session
def import_cloud(session: Session, file: str) -> None:
    """
    Replace this cloud with an exported one. It is kept as PATH.bak.1. A damaged file is refused.

    If the exported cloud has no secrets, it gets a new key for tokens. The users demo and admin get their default
    password; other users have none until an administrator sets one.

    Example: novasim cloud import lab.json
    """
    kept, without_password = session.states.import_file(file)
    print_backup(kept)
    if without_password:
        print_message(
            f"These users have no password: {', '.join(without_password)}. "
            "To set one: novasim --as admin user set USER --password PASSWORD"
        )


@click.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--force", is_flag=True, help="Replace an existing cloud; the old state is kept as a backup.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing.")
@pass_session
def copy(session: Session, source: str, target: str, force: bool, quiet: bool) -> None:
    """
    Copy a cloud to another file or database, with its secrets, and compare the copy with the original.

    FROM and TO are paths, sqlite:PATH or postgresql://USER@HOST/DATABASE, each with ?cloud=NAME if need be. The record
    and the saved states are not copied.

    Example: novasim cloud copy lab.json sqlite:lab.db
    """
    from novasim.control.databases.copies import copy_cloud

    for address in (source, target):
        if is_remote(address):
            from novasim.store.addresses import hide_passwords

            raise UsageError(f"The cloud {hide_passwords(address)} is behind a server. Use cloud export and import.")
        if not address:
            raise UsageError("FROM and TO cannot be empty.")
    if kept := copy_cloud(source, target, force, session.origin):
        print_backup(kept)
    if not quiet:
        print_line(worlds.describe_address(target))
