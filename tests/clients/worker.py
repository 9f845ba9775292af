"""Runs many `openstack` commands in one process, which saves a second for each: a line of JSON in, a line out."""

from __future__ import annotations

import io
import json
import sys
import warnings
from contextlib import redirect_stderr, redirect_stdout


def run_command(words: list[str]) -> tuple[int, str, str]:
    """Run a command as its own main function does; return its exit code, stdout and stderr."""
    from openstackclient.shell import OpenStackShell

    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = OpenStackShell().run(words)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
    return code, out.getvalue(), err.getvalue()


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # deprecations between the clients
    responses = sys.stdout
    for line in sys.stdin:
        print(json.dumps(run_command(json.loads(line))), file=responses, flush=True)
