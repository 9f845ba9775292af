"""`python -m novasim`, and the console script."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading

GC_THRESHOLD = 50_000  # new objects before a garbage collection; Python's default of 700 costs a command 5 ms
INTERRUPTED = 130


def main() -> None:
    """Import and run the command. An interrupt during the import ends it without a traceback."""
    gc.set_threshold(GC_THRESHOLD)
    try:
        from novasim.cli.main import main as command

        command()
    except KeyboardInterrupt:
        _exit_quickly(INTERRUPTED)
        sys.exit(INTERRUPTED)
    except SystemExit as end:
        _exit_quickly(end.code)
        raise


def _exit_quickly(code: object) -> None:
    """
    End the process without the teardown of modules, which takes 12 of the 90 ms of a short command.

    Exit handlers run, and output is flushed. Return, to exit in the usual way, if a thread, a debugger or a profiler
    still needs the interpreter, or if the output cannot be written.
    """
    if not isinstance(code, int | None) or threading.active_count() > 1 or _is_observed():
        return
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return
    os._exit(code or 0)


def _is_observed() -> bool:
    """Whether a debugger or profiler is active, or the interpreter stays interactive after the command."""
    monitoring = getattr(sys, "monitoring", None)  # since Python 3.12
    tools = [tool for tool in range(6) if monitoring and monitoring.get_tool(tool)]
    return bool(sys.gettrace() or sys.getprofile() or sys.flags.interactive or tools)


if __name__ == "__main__":
    main()
