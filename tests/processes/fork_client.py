"""
Python in a child of the fork server: `python -I -S fork_client.py SOCKET -m MODULE [WORD...]`, or `-c CODE [WORD...]`.

It imports only modules that are part of the interpreter, to start in a tenth of the time of `python -m novasim`. The
child has its standard streams, folder and environment, and gets its signals. It exits as the child does.
"""

from __future__ import annotations

import _signal
import _socket
import marshal
import posix
import sys

STREAMS = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
FORWARDED = (_signal.SIGHUP, _signal.SIGINT, _signal.SIGTERM)
TERMINATED = _signal.SIGKILL  # the server has gone


def run(socket: str, words: list[str]) -> int:
    """Run a command line. Return its exit code, or the negative number of the signal that ended it."""
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    connection.connect(socket)
    for number in FORWARDED:
        _signal.signal(number, lambda number, _: connection.send(bytes([number])))
    request = marshal.dumps((words, posix.environ, posix.getcwd()))
    connection.sendmsg([len(request).to_bytes(4, "big")], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, STREAMS)])
    connection.sendall(request)
    status = connection.recv(2)
    return int.from_bytes(status, "big", signed=True) if status else -TERMINATED


if __name__ == "__main__":
    code = run(sys.argv[1], sys.argv[2:])
    if code < 0:
        _signal.signal(-code, _signal.SIG_DFL) if -code != _signal.SIGKILL else None
        posix.kill(posix.getpid(), -code)
    posix._exit(code)
