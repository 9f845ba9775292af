"""The page itself: one HTML file with the stage, and the policy that lets a browser load nothing else."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from novasim.jsonutils import encode
from novasim.lifecycle.actions import ACTIONS
from novasim.render.content_policy import write_policy
from novasim.teach.action_pages import describe_command
from novasim.teach.graph.selection import select_chart
from novasim.teach.graph.stage import draw_stage

STAGE, COMMANDS = "<!-- stage -->", '"<!-- commands -->"'


class Page(NamedTuple):
    """The page as it is sent, and its Content-Security-Policy."""

    content: bytes
    policy: str


@cache
def load_page() -> Page:
    """Insert the stage and the commands, and compute the hashes of styles and script."""
    commands = {name: describe_command(action) for name, action in ACTIONS.items()}
    # the role img would hide the servers inside from screen readers
    stage = draw_stage(select_chart(is_simple=True)).replace('role="img"', 'role="group"')
    text = files("novasim.serve.live").joinpath("page.html").read_text("utf-8")
    text = text.replace(STAGE, stage).replace(COMMANDS, encode(commands).decode())
    return Page(text.encode(), write_policy(text))
