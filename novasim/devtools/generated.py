"""All generated files. A test compares them with the code; `make generate` updates them."""

from __future__ import annotations

from novasim.cli.main import cli
from novasim.cli.shell.scripts import scripts
from novasim.devtools.api_page import render_api_page
from novasim.devtools.command_pages import render_command_pages
from novasim.devtools.exactness import render_exactness_page
from novasim.devtools.lesson_page import render_lesson_page
from novasim.devtools.table_pages import render_table_pages
from novasim.teach.graph import svg
from novasim.teach.graph.selection import select_chart

PICTURE = "novasim/teach/graph/lifecycle.svg"  # shown in README.md
COMPLETIONS = {"bash": "novasim.bash", "zsh": "_novasim", "fish": "novasim.fish"}


def generate_files() -> dict[str, str]:
    """Return the content of each generated file, by path from the project's root."""
    pages = {
        f"man/{name}": content
        for name, content in {
            **render_command_pages(),
            **render_table_pages(),
            **render_api_page(),
            **render_lesson_page(),
        }.items()
    }
    completions = {f"completions/{COMPLETIONS[shell]}": script for shell, script in scripts(cli).items()}
    return {**pages, **render_exactness_page(), **completions, PICTURE: svg.draw(select_chart())}
