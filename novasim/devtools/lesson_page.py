"""The manual page novasim-lesson(5): the format of the file of a lesson."""

from __future__ import annotations

from novasim.devtools import mdoc
from novasim.devtools.command_pages import DATE
from novasim.teach.lessons.commands import FORBIDDEN
from novasim.teach.lessons.facts import HOST_KEYS, SERVER_KEYS, VOLUME_KEYS
from novasim.teach.lessons.parser import MAX_BYTES

FORMAT = f"""
    A lesson is a text file in Markdown, in UTF-8 and at most {MAX_BYTES // 2**10} KiB large. Its name is NUMBER-NAME.md
    or NAME.md; the name of the lesson is NAME. It contains neither YAML nor code, and a viewer of Markdown shows it as
    it is meant. A mistake is reported with the number of its line.
"""
HEAD = {
    "# Title": "The first line.",
    "- minutes: 5": "How long a learner needs.",
    "- after: NAME, NAME": "Lessons to take before this one.",
    "- clock: manual": "The clock does not run by itself. The default is real.",
    "- chapter: Text": "The part of a course, for 'novasim lesson list'.",
    "Text": "An introduction, in paragraphs. It may be missing, and so may each line above except the title.",
}
SECTIONS = {
    "## World": "Commands that build the cloud of the lesson, starting from a default cloud. They end at once, "
    "whatever the clock is. A line that begins with '! ' has to fail. This section may be missing.",
    "## Task": "What the learner is to do.",
    "## Goals": "A list. Each item is a sentence, and the line below it is its check, indented and between backticks.",
    "## Hints": "A numbered list, shown one by one. This section may be missing.",
    "## Solution": "Commands that close all goals. A line that no goal needs ends with '# for show'.",
    "## Wrong: name": "Commands that do not close all goals. The last line, 'Open then: 1, 3', has the numbers of the "
    "goals that they leave open. There may be several such sections.",
    "## Afterwards": "What the learner has seen. It is shown when the lesson is done.",
}
COMMANDS = f"""
    A command is a line that is indented by four spaces and begins with novasim. It is run without a shell, so there are
    no pipes, variables and redirections. One form is understood: $(novasim ...) is replaced by the output of that
    command. Commands run in an empty folder: the only files are those that earlier commands have written, and they are
    named without a path. Before the command, only the options --as and --api-version are allowed. Lessons do not have
    these commands: {", ".join(sorted(FORBIDDEN))}. Of the clock, they have clock show and clock advance.
"""
CHECKS = {
    "SERVER KEY=VALUE ...": "The server exists and has these values. KEY=A|B means one of several values, KEY!=VALUE "
    f"another value, and KEY= an empty value. Keys: {', '.join(SERVER_KEYS)}. A server can have several tags, groups "
    "and volumes: then KEY=VALUE means that VALUE is one of them.",
    "gone SERVER": "No server has this name.",
    "image NAME [absent]": "The image exists, or does not exist.",
    "volume NAME KEY=VALUE ...": f"The volume exists and has these values. Keys: {', '.join(VOLUME_KEYS)}.",
    "host NAME KEY=VALUE ...": f"The compute host exists and has these values. Keys: {', '.join(HOST_KEYS)}.",
    "count servers [KEY=VALUE ...] >= N": "So many servers have these values. Comparisons: >=, <=, =, !=, > and <.",
    "count moves >= N": "Servers have made so many different moves from status to status, as 'coverage report' counts "
    "them.",
    "refused SERVER ACTION CODE [in STATE]": "A request of the action was refused with this HTTP code; with STATE, "
    "while the server showed this status or had this task_state.",
    "done SERVER ACTION ...": "The actions were accepted and did not fail, in this order. Other actions may be between "
    "them.",
    "never SERVER ACTION ...": "No request of these actions was accepted.",
}
PROOF = """
    'novasim lesson prove FILE' runs all commands of a lesson in memory and reports each of these mistakes: (a) The file
    does not have the format, or a command is not understood. (b) All goals are met at the start. (c) The solution
    leaves a goal open. (d) A wrong way leaves open other goals than it says, or all goals. (e) A line of the solution
    is not needed. (f) A goal is left open by no wrong way, or a wrong way leaves open nothing that others do not. (g)
    The hints that novasim computes do not lead to the end. (h) Under a clock that does not wait, with
    0.1 s between two lines, something else happens than under one that does. (i) Two runs give different clouds.
"""
EXAMPLE = """\
# Off and on

- minutes: 4

## World

    novasim create web1 --flavor m1.tiny --image cirros --wait

## Task

Stop web1, and stop it a second time.

## Goals

- web1 is off
  `web1 status=SHUTOFF`
- Nova has refused to stop a server that is off
  `refused web1 stop 409 in SHUTOFF`

## Solution

    novasim stop web1 --wait
    novasim stop web1

## Wrong: stopped it once

    novasim stop web1 --wait

Open then: 2

## Wrong: started it again

    novasim stop web1 --wait
    novasim stop web1
    novasim start web1 --wait

Open then: 1"""


def render_lesson_page() -> dict[str, str]:
    """Return the file name and content."""
    return {"novasim-lesson.5": _page()}


def _page() -> str:
    return mdoc.page(
        "novasim-lesson",
        5,
        DATE,
        "a lesson about the lifecycle of servers",
        [
            ("DESCRIPTION", mdoc.text(FORMAT)),
            ("HEAD", _list(HEAD)),
            ("SECTIONS", _list(SECTIONS)),
            ("COMMANDS", mdoc.text(COMMANDS)),
            ("CHECKS", _list(CHECKS)),
            ("PROOF", mdoc.text(PROOF)),
            ("EXAMPLES", mdoc.literal_block(EXAMPLE.splitlines())),
            ("SEE ALSO", ".Xr novasim 1 ,\n.Xr novasim-lesson 1 ,\n.Xr novasim-lifecycle 7"),
        ],
    )


def _list(rows: dict[str, str]) -> str:
    return mdoc.tag_list((f"Cm {mdoc.quote(term)}", text) for term, text in rows.items())
