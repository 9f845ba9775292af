"""The style sheet of the report, for light, dark and paper. The colours are those of the picture."""

from __future__ import annotations

from novasim.teach.graph.colours import DARK, KINDS, LIGHT

PROJECTS_LIGHT = ("#0a5fd0", "#8a3fb0", "#a3470b", "#0b6e6e", "#b0235f", "#4b5b14", "#5747c9", "#4d5866")
PROJECTS_DARK = ("#7db8ff", "#d3a6f2", "#f0b27a", "#66d0d0", "#f59bc0", "#c3d66f", "#b1a8ff", "#b7c1cd")
FONTS = 'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","DejaVu Sans",sans-serif'
MONO = 'ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",Consolas,monospace'

PLAIN = f"""
*{{box-sizing:border-box}}
body{{font:15px/1.45 {FONTS};margin:0 auto;padding:24px 20px 60px;max-width:1240px}}
h1{{font-size:28px;margin:0 0 4px}}
h2{{font-size:20px;margin:36px 0 10px}}
nav{{display:flex;flex-wrap:wrap;gap:4px 18px;margin:12px 0}}
p{{margin:4px 0 10px;max-width:80ch}}
ul.cards{{display:flex;flex-wrap:wrap;gap:10px;margin:14px 0;padding:0;list-style:none}}
.cards li{{border:1px solid;border-radius:12px;padding:8px 16px;min-width:104px}}
.cards b{{display:block;font-size:24px;line-height:1.2}}
figure{{margin:0}}
figure .scroll>svg{{display:block;width:100%;height:auto;border:1px solid;border-radius:12px}}
figcaption,.soft{{font-size:14px}}
.key{{display:flex;flex-wrap:wrap;gap:4px 16px;margin:8px 0 0;padding:0;list-style:none}}
.key svg{{width:14px;height:14px;vertical-align:-2px;margin-right:6px}}
.scroll{{overflow-x:auto}}
.scroll td{{overflow-wrap:normal}}
.scroll td:last-child{{min-width:200px}}
table{{border-collapse:collapse;width:100%}}
th,td{{text-align:left;vertical-align:top;padding:6px 14px 6px 0;border-bottom:1px solid;overflow-wrap:anywhere}}
th{{font-size:13px;white-space:nowrap}}
td.lane{{width:54%;min-width:320px;padding-right:0}}
td.name,td.state{{max-width:260px}}
td.where{{min-width:104px}}
td.name b{{overflow-wrap:anywhere}}
td small{{display:block;font-size:12.5px}}
time{{white-space:nowrap}}
time,.number{{font-variant-numeric:tabular-nums}}
tr:target>td{{outline:2px solid;outline-offset:-2px}}
pre{{white-space:pre-wrap;font:13px {MONO}}}
code{{font:13px {MONO}}}
.pill{{display:inline-block;border:1px solid;border-radius:8px;padding:0 8px;font-size:12.5px;
 font-weight:600;white-space:nowrap}}
svg.lane{{display:block;width:100%;height:auto}}
.lane text{{font:11px {MONO};text-anchor:middle}}
.lane rect{{stroke:none}}
.lane .bar{{stroke-width:1}}
.phase{{fill:none;stroke-width:1}}
figure a text{{text-anchor:middle;font-weight:700;font-size:19px;font-family:{MONO}}}
figure a text.small{{font-size:15px}}
figure .count{{font-size:26px;font-weight:700;text-anchor:middle}}
.meter{{width:110px;height:10px;display:block;margin-top:3px}}
@media screen and (max-width:760px){{
 body{{padding:16px 12px 40px}}
 figure .scroll>svg{{width:900px}}
 .lane text{{display:none}}
 .servers thead{{display:none}}
 .servers tr{{display:block;padding:8px 0;border-bottom:1px solid}}
 .servers td{{display:inline-block;border:0;padding:2px 12px 2px 0;max-width:100%}}
 .servers td.lane{{display:block;width:100%;min-width:0;padding:4px 0}}
}}
@page{{margin:14mm}}
@media print{{
 *{{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
 body{{font-size:10.5pt;padding:0;max-width:none}}
 nav{{display:none}}
 h2{{break-after:avoid}}
 tr,figure,.cards{{break-inside:avoid}}
 thead{{display:table-header-group}}
 a{{text-decoration:none;color:inherit}}
 .scroll{{overflow:visible}}
 td.lane{{min-width:0}}
}}
"""


WHITE_PAPER = "@media print{body{background:#fff}svg .paper,svg .gap{fill:#fff}}\n"


def style_sheet() -> str:
    """The style sheet. On paper, the colours are the light ones."""
    dark = "screen and (prefers-color-scheme:dark)"
    light_rules, dark_rules = _list_rules(LIGHT, PROJECTS_LIGHT), _list_rules(DARK, PROJECTS_DARK)
    return f":root{{color-scheme:light dark}}{PLAIN}{light_rules}@media {dark}{{\n{dark_rules}}}\n{WHITE_PAPER}"


def _list_rules(colour: dict[str, str], projects: tuple[str, ...]) -> str:
    rules = [
        f"body{{background:{colour['paper']};color:{colour['ink']}}}",
        f".soft,figcaption,th,td small{{color:{colour['soft']}}}",
        f"a{{color:{colour['path']}}}",
        f".cards li,table,th,td,figure .scroll>svg,.servers tr{{border-color:{colour['frame']}}}",
        f"tr:target>td{{outline-color:{colour['path']}}}",
        f".refused,.down,td small.fault{{color:{colour['fail']}}}",
        f".meter .used{{fill:{colour['path']}}}.meter .free{{fill:{colour['frame']}}}",
        f".phase{{stroke:{colour['busy-edge']}}}",
        f"figure a text{{fill:{colour['paper']}}}figure .count{{fill:{colour['ink']}}}",
    ]
    for kind in (*KINDS.values(), "any"):
        edge = colour[f"{kind}-edge"]
        rules.append(f".pill.{kind}{{background:{colour[kind]};border-color:{edge};color:{colour['ink']}}}")
        rules.append(f".lane rect.{kind}{{fill:{edge}}}.lane .bar.{kind}{{fill:{colour[kind]};stroke:{edge}}}")
    rules += [f".p{number} circle{{fill:{value}}}" for number, value in enumerate(projects)]
    return "".join(f"{rule}\n" for rule in rules)
