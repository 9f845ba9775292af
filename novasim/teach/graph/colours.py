"""The colours of the picture in light and dark mode, and its style sheet."""

from __future__ import annotations

from novasim.render.theme import BAD, BUSY, GOOD, IDLE, colour_of

WAITING = "waiting"  # for a decision
KINDS = {GOOD: "good", BUSY: "busy", IDLE: "idle", BAD: "bad", "magenta": WAITING}

LIGHT = {
    "paper": "#fcfbf8",
    "ink": "#1b2430",
    "soft": "#566070",
    "line": "#5d6878",
    "frame": "#b3bcc8",
    "role": "#9a5200",
    "fail": "#cf2f24",
    "path": "#0a5fd0",
    "good": "#e0f4e6",
    "good-edge": "#2c8a4b",
    "idle": "#e2effb",
    "idle-edge": "#3a78b8",
    "waiting": "#f2e6fa",
    "waiting-edge": "#8746b0",
    "bad": "#fce5e2",
    "bad-edge": "#c43c30",
    "busy": "#fdf2d5",
    "busy-edge": "#a97a10",
    "any": "#eef0f3",
    "any-edge": "#7d8896",
}
DARK = {
    "paper": "#11161d",
    "ink": "#e8edf3",
    "soft": "#a2adba",
    "line": "#8b97a6",
    "frame": "#465160",
    "role": "#e8a750",
    "fail": "#ff6a5e",
    "path": "#5aa9ff",
    "good": "#14301e",
    "good-edge": "#4cb873",
    "idle": "#13293f",
    "idle-edge": "#5b9fe0",
    "waiting": "#2d1b3c",
    "waiting-edge": "#b47be0",
    "bad": "#3b1b18",
    "bad-edge": "#ef6b5f",
    "busy": "#33290f",
    "busy-edge": "#d3a63a",
    "any": "#1d242d",
    "any-edge": "#7a8696",
}

STYLE = """
text{font-family:ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",Consolas,monospace;font-size:13px}
.title{font:600 27px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","DejaVu Sans",sans-serif}
.prose,.head{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","DejaVu Sans",sans-serif}
.head{font-weight:600}
.status{font-weight:700;font-size:14px}
.large{font-size:20px}
.small{font-size:12px}
.tiny{font-size:10px;font-weight:700}
.line{fill:none;stroke-width:1.6}
.role{font-style:italic}
.dashed{stroke-dasharray:6 4}
.frame{fill:none;stroke-width:1.4;stroke-dasharray:2 5;stroke-linecap:round}
.box{stroke-width:1.6}
.final{stroke-width:4.5}
.removed{text-decoration:line-through}
.hollow{stroke-width:1.4}
.pale{opacity:.2}
.faint{opacity:.45}
.line.path{stroke-width:3.2}
.line.ahead{stroke-dasharray:2 7;stroke-linecap:round}
.box.here{stroke-width:4}
.pin{font-weight:700;font-size:12px}
"""


def kind_of(status: str) -> str:
    """The kind of a status, from its colour in tables: good, busy, idle, bad or waiting; "any" if it has no colour."""
    return KINDS.get(colour_of(status), "any")


def style_sheet() -> str:
    """The style sheet. It has no CSS variables, because some SVG viewers do not support them."""
    dark = "".join(f"  {rule}\n" for rule in _rules(DARK))
    return STYLE + "\n".join(_rules(LIGHT)) + "\n@media (prefers-color-scheme: dark) {\n" + dark + "}\n"


def _rules(colour: dict[str, str]) -> list[str]:
    kinds = (*KINDS.values(), "any")
    return [
        f".paper,.gap{{fill:{colour['paper']}}}",
        f"text{{fill:{colour['ink']}}}",
        f".soft{{fill:{colour['soft']}}}",
        f".line{{stroke:{colour['line']}}}",
        f".arrow{{fill:{colour['line']}}}",
        f".frame{{stroke:{colour['frame']}}}",
        f"text.role{{fill:{colour['role']}}}",
        f".line.role{{stroke:{colour['role']}}}",
        f".arrow.role{{fill:{colour['role']}}}",
        f".fails{{fill:{colour['fail']}}}",
        *(f".{kind}{{fill:{colour[kind]};stroke:{colour[f'{kind}-edge']}}}" for kind in kinds),
        f".start{{fill:{colour['ink']}}}",
        f".line.path{{stroke:{colour['path']}}}",
        f".arrow.path,.banner{{fill:{colour['path']}}}",
        *(
            f".arrow.hollow{kind}{{fill:{colour['paper']};stroke:{colour[name]}}}"
            for kind, name in (("", "line"), (".role", "role"), (".path", "path"))
        ),
        f"text.path{{fill:{colour['path']}}}",
        f".box.here{{stroke:{colour['path']}}}",
        f"text.pin{{fill:{colour['paper']}}}",
    ]
