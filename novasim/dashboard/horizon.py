"""
The process in which Horizon runs. `novasim.dashboard.process` starts it.

Its only argument is the number of the listening socket, and its standard input has the configuration on one line. It
writes READY to standard output when it answers requests, and ends when standard input ends, which is when the process
that has started it ends, or at SIGTERM. Its files are in a temporary folder, which it removes.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from novasim.dashboard.settings import Configuration, write_settings
from novasim.simulation.seeded import generate_secret_key
from novasim.simulation.time import clock

READY = "ready\n"
THREADS = 8  # that answer requests
END_SIGNALS = (signal.SIGTERM, signal.SIGINT)
SIGNAL_PAUSE = 0.5  # seconds between two signals


def main() -> None:
    """Run Horizon until the end of standard input, or a signal."""
    for number in END_SIGNALS:
        signal.signal(number, _end)
    sock = socket.socket(fileno=int(sys.argv[1]))
    configuration = Configuration(**json.loads(sys.stdin.readline()))
    Thread(target=_end_with_stdin, daemon=True).start()
    with TemporaryDirectory(prefix="novasim-dashboard-") as folder:
        try:
            write_settings(folder, configuration, generate_secret_key())
            application = _load_application(folder)
            _report_ready()
            _serve(application, sock)
        finally:
            for number in END_SIGNALS:
                signal.signal(number, signal.SIG_IGN)


def _end(number: int, frame: object) -> None:
    """End the process after removing the folder."""
    raise SystemExit(0)


def _end_with_stdin() -> None:
    """Wait for the end of standard input, then end the process. Code that catches every exception can lose a signal."""
    os.read(sys.stdin.fileno(), 1)
    while True:
        os.kill(os.getpid(), signal.SIGTERM)
        clock.sleep(SIGNAL_PAUSE)


def _load_application(folder: str) -> Any:
    """Horizon as a WSGI application with its static files, which are compressed first."""
    sys.path.insert(0, folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "openstack_dashboard.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("compress", verbosity=0)

    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.wsgi import get_wsgi_application

    return StaticFilesHandler(get_wsgi_application())


def _report_ready() -> None:
    sys.stdout.write(READY)
    sys.stdout.flush()
    sys.stdout = sys.stderr


def _serve(application: Any, sock: socket.socket) -> None:
    import waitress

    waitress.serve(application, sockets=[sock], threads=THREADS, ident="", _quiet=True)


if __name__ == "__main__":
    main()
