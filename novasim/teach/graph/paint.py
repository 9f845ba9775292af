"""The colours of the picture, by day and by night, and the style sheet made of them."""

from __future__ import annotations

from novasim.render.theme import BAD, BUSY, GOOD, IDLE, colour_of

ASKS = "asks"  # for a decision
KINDS = {GOOD: "good", BUSY: "busy", IDLE: "idle", BAD: "bad", "magenta": ASKS}

DAY = {
    "paper": "#fcfbf8",
    "ink": "#1b2430",
    "soft": "#566070",
    "line": "#5d6878",
    "frame": "#b3bcc8",
    "role": "#9a5200",
    "fail": "#cf2f24",
    "way": "#0a5fd0",
    "good": "#e0f4e6",
    "good-edge": "#2c8a4b",
    "idle": "#e2effb",
    "idle-edge": "#3a78b8",
    "asks": "#f2e6fa",
    "asks-edge": "#8746b0",
    "bad": "#fce5e2",
    "bad-edge": "#c43c30",
    "busy": "#fdf2d5",
    "busy-edge": "#a97a10",
    "any": "#eef0f3",
    "any-edge": "#7d8896",
}
NIGHT = {
    "paper": "#11161d",
    "ink": "#e8edf3",
    "soft": "#a2adba",
    "line": "#8b97a6",
    "frame": "#465160",
    "role": "#e8a750",
    "fail": "#ff6a5e",
    "way": "#5aa9ff",
    "good": "#14301e",
    "good-edge": "#4cb873",
    "idle": "#13293f",
    "idle-edge": "#5b9fe0",
    "asks": "#2d1b3c",
    "asks-edge": "#b47be0",
    "bad": "#3b1b18",
    "bad-edge": "#ef6b5f",
    "busy": "#33290f",
    "busy-edge": "#d3a63a",
    "any": "#1d242d",
    "any-edge": "#7a8696",
}

FORM = """
text{font-family:ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",Consolas,monospace;font-size:13px}
.title{font:600 27px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","DejaVu Sans",sans-serif}
.say,.head{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","DejaVu Sans",sans-serif}
.head{font-weight:600}
.status{font-weight:700;font-size:14px}
.great{font-size:20px}
.small{font-size:12px}
.tiny{font-size:10px;font-weight:700}
.line{fill:none;stroke-width:1.6}
.role{font-style:italic}
.dashed{stroke-dasharray:6 4}
.frame{fill:none;stroke-width:1.4;stroke-dasharray:2 5;stroke-linecap:round}
.box{stroke-width:1.6}
.final{stroke-width:4.5}
.gone{text-decoration:line-through}
.hollow{stroke-width:1.4}
.pale{opacity:.2}
.faint{opacity:.45}
.line.way{stroke-width:3.2}
.line.ahead{stroke-dasharray:2 7;stroke-linecap:round}
.box.here{stroke-width:4}
.pin{font-weight:700;font-size:12px}
"""


def kind_of(status: str) -> str:
    """The kind of a status, by the colour that it has in tables: good, busy, idle, bad, asks; any for none."""
    return KINDS.get(colour_of(status), "any")


def style_sheet() -> str:
    """CSS without variables, which not every reader of SVG knows."""
    night = "".join(f"  {rule}\n" for rule in _rules(NIGHT))
    return FORM + "\n".join(_rules(DAY)) + "\n@media (prefers-color-scheme: dark) {\n" + night + "}\n"


def _rules(colour: dict[str, str]) -> list[str]:
    kinds = (*KINDS.values(), "any")
    return [
        f".paper,.hole{{fill:{colour['paper']}}}",
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
        f".beginning{{fill:{colour['ink']}}}",
        f".line.way{{stroke:{colour['way']}}}",
        f".arrow.way,.banner{{fill:{colour['way']}}}",
        *(
            f".arrow.hollow{kind}{{fill:{colour['paper']};stroke:{colour[name]}}}"
            for kind, name in (("", "line"), (".role", "role"), (".way", "way"))
        ),
        f"text.way{{fill:{colour['way']}}}",
        f".box.here{{stroke:{colour['way']}}}",
        f"text.pin{{fill:{colour['paper']}}}",
    ]
