"""The command `manual`: the pages that come with the package."""

from __future__ import annotations

import re
import sys

import click

PAGES = {
    "tutorial": "Half an hour: the life of a server, refusals, time, failures.",
    "learn": "For learners: lessons, a quiz, explanations.",
    "teach": "For teachers: a lesson in ten minutes, marks, demonstrations, clouds for a class.",
    "classroom": "For teachers: a class with a cloud for each student, at one address.",
    "scripts": "For shell scripts: options, output, exit codes, waiting, retries.",
    "testing": "For test authors: pytest fixtures and the Python library.",
    "openstack": "novasim openstack: scripts written for OpenStack's own client.",
    "server": "novasim serve: OpenStack clients and a simulated cloud.",
    "dashboard": "novasim dashboard: Horizon, OpenStack's dashboard, and a simulated cloud.",
    "ontop": "OpenStack on top: Skyline, Heat, Packer and gophercloud.",
    "clouds": "The cloud file, time, faults, users, clouds of your own.",
    "scaling": "Large clouds, many clouds, several workers and machines.",
    "record": "The record of requests, exact history, undo and redo.",
    "coverage": "Which parts of the lifecycle a script or a test suite has covered.",
    "exact": "What is exact, what is simplified, what is not simulated.",
}
COMMENT = re.compile(r"^<!--.*?-->\n", re.MULTILINE | re.DOTALL)


@click.command()
@click.argument("page", type=click.Choice(list(PAGES)), required=False)
def manual(page: str | None) -> None:
    """
    Read a page of the manual; without PAGE, list the pages.

    Example: novasim manual tutorial
    """
    if page is None:
        from novasim.cli.learning.text import print_pairs

        print_pairs(PAGES, indent=0, left=11)
        return
    text = read_page(page)
    if sys.stdout.isatty():
        from novasim.render.markdown import print_markdown

        print_markdown(text, sys.stdout)
    else:
        click.echo(text, nl=False)


def read_page(page: str) -> str:
    """A page in Markdown, without its comments."""
    from importlib.resources import files

    return COMMENT.sub("", (files("novasim.manual") / f"{page}.md").read_text("utf-8"))
