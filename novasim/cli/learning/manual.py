"""The manual: pages that come with the package, to be read in the terminal."""

from __future__ import annotations

import re
import sys

import click

PAGES = {
    "tutorial": "Ten minutes: a server's life, its refusals, time, failure.",
    "commands": "The command line: options, output, exit codes, time, callers, worlds.",
    "server": "novasim serve: OpenStack clients at a simulated cloud.",
    "python": "The library, and the fixtures for pytest.",
    "exact": "What is exact, what is simplified, what is not simulated.",
}
REMARK = re.compile(r"^<!--.*?-->\n", re.MULTILINE | re.DOTALL)


@click.command()
@click.argument("page", type=click.Choice(list(PAGES)), required=False)
def manual(page: str | None) -> None:
    """
    Read a page of the manual; without PAGE they are listed.

    Example: novasim manual tutorial
    """
    if page is None:
        for name, what in PAGES.items():
            click.echo(f"{name:10}{what}")
        return
    text = text_of(page)
    if sys.stdout.isatty():
        from novasim.render.markdown import print_markdown

        print_markdown(text, sys.stdout)
    else:
        click.echo(text, nl=False)


def text_of(page: str) -> str:
    """A page in Markdown, without the remarks that are for those who write it."""
    from importlib.resources import files

    return REMARK.sub("", (files("novasim.manual") / f"{page}.md").read_text("utf-8"))
