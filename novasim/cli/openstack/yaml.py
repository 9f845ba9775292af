"""YAML as the real client writes it: by PyYAML if that is installed, in novasim's own form otherwise."""

from __future__ import annotations

from typing import Any


def dump_yaml(data: Any) -> str:
    """A YAML document in block style with sorted keys."""
    try:
        import yaml
    except ImportError:
        from io import StringIO

        from novasim.render.formats import write_yaml
        from novasim.render.view import View

        out = StringIO()
        write_yaml(View((), (), data), out)
        return out.getvalue()
    text: str = yaml.safe_dump(data, default_flow_style=False)
    return text
