"""The command `novasim openstack`: the grammar of OpenStack's own client."""

from __future__ import annotations

import click

from novasim.cli.options import pass_session
from novasim.cli.session import Session


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--install-shim", "folder", metavar="DIR", help="Write an executable 'openstack' to DIR, and exit.")
@click.argument("words", metavar="COMMAND...", nargs=-1, type=click.UNPROCESSED)
@pass_session
def openstack(session: Session, folder: str | None, words: tuple[str, ...]) -> None:
    """
    Run a command of OpenStack's own client against the cloud.

    Words, options, columns, formats and exit codes are those of the client: 1 for a refusal, 2 for wrong usage.

    Example: novasim openstack server list -f value -c ID
    """
    if folder:
        from novasim.cli.openstack.shim import install_shim

        install_shim(session, folder)
        return
    from novasim.cli.openstack.shell import run

    click.get_current_context().exit(run(session, words))
