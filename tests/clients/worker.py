"""The `openstack` command many times in one process, which saves a second for each: JSON in, JSON out, by the line."""

from __future__ import annotations

import io
import json
import sys
import warnings
from contextlib import redirect_stderr, redirect_stdout


def called(words: list[str]) -> tuple[int, str, str]:
    """What the command's own main function does: exit code, stdout, stderr."""
    from openstackclient.shell import OpenStackShell

    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = OpenStackShell().run(words)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
    return code, out.getvalue(), err.getvalue()


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # what the clients deprecate among themselves
    answers = sys.stdout
    for line in sys.stdin:
        print(json.dumps(called(json.loads(line))), file=answers, flush=True)
