"""The text of a lesson for learners: Markdown for terminals, and a page of HTML to hand out."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from novasim.teach.lessons.lesson import Lesson

STYLE = """
body { font: 1rem/1.5 sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font-family: monospace; background: #f2f2f2; }
pre { padding: .5rem; overflow-x: auto; }
li { margin: .3rem 0; }
.about { color: #555; }
@media (prefers-color-scheme: dark) { body { background: #181818; color: #ddd } code, pre { background: #2a2a2a } }
"""
INLINE = ((re.compile(r"`([^`]+)`"), r"<code>\1</code>"), (re.compile(r"\*([^*]+)\*"), r"<em>\1</em>"))


def render_markdown(lesson: Lesson) -> str:
    """Title, introduction, task and goals in Markdown."""
    goals = "\n".join(f"{number}. {goal.text}" for number, goal in enumerate(lesson.goals, 1))
    return f"{render_task(lesson)}\n## Goals\n\n{goals}\n"


def render_task(lesson: Lesson, about: str = "") -> str:
    """
    Title, introduction and task in Markdown.

    Args:
        about: A line below the title.
    """
    parts = [f"# {lesson.title}", about, lesson.introduction, "## Task", lesson.task]
    return "\n\n".join(filter(None, parts)) + "\n"


def render_html(lesson: Lesson) -> str:
    """A page that needs no other file. It ends with the commands to begin with."""
    title = html.escape(lesson.title)
    blocks = "\n".join(_blocks(render_markdown(lesson)))
    about = f'<p class="about">About {lesson.minutes} minutes.'
    start = f"<p>Begin with <code>novasim lesson start {html.escape(lesson.name)}</code>"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<meta name="viewport" content="width=device-width">\n<style>{STYLE}</style>\n{blocks}\n{about}\n{start}\n'
    )


def _blocks(text: str) -> Iterator[str]:
    """The blocks of Markdown that lessons use, as HTML."""
    for block in re.split(r"\n{2,}", text.strip()):
        heading = re.match(r"(#+) (.*)", block)
        if heading:
            level = len(heading[1])
            yield f"<h{level}>{_inline(heading[2])}</h{level}>"
        elif all(line.startswith("    ") for line in block.splitlines()):
            yield f"<pre>{html.escape(re.sub('^    ', '', block, flags=re.MULTILINE))}</pre>"
        elif re.match(r"\d+\. ", block):
            items = re.split(r"^\d+\. ", block, flags=re.MULTILINE)[1:]
            yield "<ol>\n" + "".join(f"<li>{_inline(item.strip())}</li>\n" for item in items) + "</ol>"
        else:
            yield f"<p>{_inline(block)}</p>"


def _inline(text: str) -> str:
    text = html.escape(text, quote=False)
    for pattern, replacement in INLINE:
        text = pattern.sub(replacement, text)
    return text
