"""The page /join: what a student types to get novasim and to join the class."""

from __future__ import annotations

import shlex
from functools import cache
from html import escape

from novasim.render.content_policy import hash_elements

ARCHIVE = "novasim.pyz"
STYLE = """
:root { color-scheme: light dark }
body { font: 20px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
pre { font: 18px/1.5 ui-monospace, monospace; padding: .7rem; border: 1px solid; border-radius: 8px; overflow-x: auto }
"""


def join_line(url: str) -> str:
    """The line for bash and other shells of Unix. NAME is for the student to replace."""
    return f"curl -sO {shlex.quote(f'{url}/{ARCHIVE}')} && python3 {ARCHIVE} join {shlex.quote(url)} NAME"


def join_line_for_powershell(url: str) -> str:
    """The line for PowerShell."""
    return f"iwr {url}/{ARCHIVE} -OutFile {ARCHIVE}; python {ARCHIVE} join {url} NAME"


def write_page(url: str) -> bytes:
    """The page. *url* is that of the server."""
    return f"""\
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>novasim: join the class</title><style>{STYLE}</style></head>
<body>
<h1>Join the class</h1>
<p>You need Python 3.10 or newer, and the join word from your teacher. Replace NAME with your name as your teacher has
written it, such as <code>ann-lee</code>, and paste the line into a terminal.</p>
<h2>Linux and macOS</h2>
<pre>{escape(join_line(url))}</pre>
<h2>Windows (PowerShell)</h2>
<pre>{escape(join_line_for_powershell(url))}</pre>
<p>The line asks for the join word, and prints how to connect your terminal. Then
<code>novasim lesson show</code> prints the lesson, and <code>novasim lesson</code> its goals. If novasim is
installed already, <code>novasim join {escape(url)} NAME</code> is enough.</p>
</body></html>
""".encode()


@cache
def find_policy() -> str:
    """The Content-Security-Policy of the page."""
    return f"default-src 'none'; style-src {hash_elements(f'<style>{STYLE}</style>', 'style')}; base-uri 'none'"
