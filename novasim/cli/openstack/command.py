"""The command `novasim openstack`: the grammar of OpenStack's own client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from novasim.cli.options import pass_session
from novasim.cli.session import Session

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class OpenStackCommand(click.Command):
    """The command, with options completed from the table of the client's commands."""

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        from novasim.cli.openstack.completion import list_next_words

        words = list_next_words(ctx.params.get("words", ()), incomplete, lambda noun: ())
        own = super().shell_complete(ctx, incomplete) if not ctx.params.get("words") else []
        return [CompletionItem(word) for word in words if word.startswith(incomplete)] + own


@click.command(
    cls=OpenStackCommand, context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
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
