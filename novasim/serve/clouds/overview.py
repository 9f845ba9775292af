"""The list of clouds at the root of an address, as a page and as JSON. It has only what the paths tell."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from novasim.render.content_policy import hash_elements
from novasim.serve.responses import HTML, JSON, RawHeaders, encode_body

VARY = (b"vary", b"Accept")
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
table { border-collapse: collapse } th, td { text-align: left; padding: .3rem 2rem .3rem 0 }
"""


class Overview(NamedTuple):
    """The list as it is sent."""

    headers: RawHeaders
    content: bytes


def write_overview(names: list[str], url: str, is_page: bool) -> Overview:
    """
    The list of clouds.

    Args:
        url: That of the server, with which links begin.
        is_page: Whether to write it for a browser.
    """
    if is_page:
        page = _write_page(names, url)
        policy = f"default-src 'none'; style-src {hash_elements(page, 'style')}; base-uri 'none'; form-action 'none'"
        return Overview([*HTML, (b"content-security-policy", policy.encode()), VARY], page.encode())
    clouds = [{"name": name, "auth_url": _auth_url(url, name), "links": _links(url, name)} for name in names]
    return Overview([*JSON, VARY], encode_body({"clouds": clouds}))


def _auth_url(url: str, name: str) -> str:
    return f"{url}/{name}/identity/v3"


def _links(url: str, name: str) -> list[dict[str, str]]:
    return [{"rel": "self", "href": f"{url}/{name}/"}, {"rel": "live", "href": f"{url}/{name}/live"}]


def _write_page(names: list[str], url: str) -> str:
    rows = "\n".join(
        f'<tr><td><a href="{escape(f"{url}/{name}/live")}">{escape(name)}</a></td>'
        f"<td><code>{escape(_auth_url(url, name))}</code></td></tr>"
        for name in names
    )
    table = f"<table><thead><tr><th>Cloud</th><th>OS_AUTH_URL</th></tr></thead>\n<tbody>\n{rows}\n</tbody></table>"
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>novasim: clouds</title>'
        f"<style>{STYLE}</style></head>\n<body><h1>Clouds</h1>\n"
        f"{table if names else '<p>There are no clouds yet.</p>'}\n</body></html>\n"
    )
