"""A quiz as JSON, as a page of HTML, and in Moodle's format GIFT."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from novasim.teach.quiz.question import Question

STYLE = """
body { font: 1rem/1.5 sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }
pre, code { font-family: monospace; background: #f2f2f2; }
pre { padding: .5rem; }
ol.options { list-style: lower-alpha; }
@media (prefers-color-scheme: dark) { body { background: #181818; color: #ddd } code, pre { background: #2a2a2a } }
"""
IN_GIFT = re.compile(r"([~=#{}:\\])")


def render_html(questions: Sequence[Question], seed: int) -> str:
    """A page that needs no other file. The answers are folded."""
    items = "\n".join(map(_item, questions))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Quiz</title>\n'
        f'<meta name="viewport" content="width=device-width">\n<style>{STYLE}</style>\n'
        f"<h1>The lifecycle of a server</h1>\n<p>Quiz {seed}, {len(questions)} questions\n<ol>\n{items}\n</ol>\n"
    )


def _item(question: Question) -> str:
    options = "\n".join(f"<li>{html.escape(option)}" for option in question.options)
    lines = "<br>".join(html.escape(line) for line in question.explanation)
    answer = html.escape(question.options[question.answer])
    return (
        f'<li>{_text(question.text)}\n<ol class="options">\n{options}\n</ol>\n'
        f"<details><summary>Answer</summary><p><strong>{answer}</strong><br>{lines}<br>"
        f"To see it: <code>{html.escape(question.command)}</code></details>"
    )


def _text(text: str) -> str:
    parts = re.split(r"((?:^    .*\n?)+)", text, flags=re.MULTILINE)
    return "".join(
        f"<pre>{html.escape(re.sub('^    ', '', part, flags=re.MULTILINE)).rstrip()}</pre>"
        if part.startswith("    ")
        else f"<p>{html.escape(part.strip())}"
        for part in parts
        if part.strip()
    )


def render_gift(questions: Sequence[Question]) -> str:
    """The questions for Moodle: Question bank, Import, GIFT format."""
    return "\n".join(_gift(number, question) for number, question in enumerate(questions, 1))


def _gift(number: int, question: Question) -> str:
    lines = [
        f"{'=' if place == question.answer else '~'}{_escape(option)}" for place, option in enumerate(question.options)
    ]
    feedback = _escape("\n".join([*question.explanation, f"To see it: {question.command}"])).replace("\n", "\\n")
    text = _escape(question.text).replace("\n", "\\n")
    options = "\n".join(lines)
    return f"::{number} {question.kind}::{text} {{\n{options}\n####{feedback}\n}}\n"


def _escape(text: str) -> str:
    return IN_GIFT.sub(r"\\\1", text)
