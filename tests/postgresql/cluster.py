"""A private PostgreSQL cluster in a temporary folder, on a Unix socket."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from pwd import struct_passwd

DEBIAN = Path("/usr/lib/postgresql")  # the programs of a server are in no folder of PATH there
ACCOUNTS = ("postgres", "nobody")  # PostgreSQL refuses to run as root
TIMEOUT = 60.0  # seconds to start or stop; each takes less than one on an idle machine
USER = "novasim"
HBA = """\
local all secured scram-sha-256
local all all trust
"""


def find_programs() -> Path | None:
    """The folder of initdb and postgres; None if PostgreSQL is not installed."""
    if found := shutil.which("postgres"):
        return Path(found).parent
    versions = sorted(DEBIAN.glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    return versions[-1].parent if versions else None


def find_obstacle() -> str:
    """Why no cluster can run here; "" if it can."""
    if os.name == "nt":
        return "needs Unix sockets"
    if find_programs() is None:
        return "PostgreSQL is not installed"
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        return f"the extra novasim[postgresql] is not installed ({error})"
    return "" if find_parent() else "no temporary folder is open to another user"


def find_parent() -> Path | None:
    """The folder for temporary folders that the account of the server can reach."""
    candidates = (Path(tempfile.gettempdir()), Path("/dev/shm"), Path("/tmp"))
    return next((path for path in candidates if path.is_dir() and _is_open(path)), None)


def _is_open(path: Path) -> bool:
    is_root = os.geteuid() == 0
    return os.access(path, os.W_OK) and (not is_root or all(each.stat().st_mode & 1 for each in (path, *path.parents)))


class Cluster:
    """
    One PostgreSQL server with data and socket in a folder of its own.

    Args:
        is_durable: Whether a commit waits for the disk. Only tests that kill the server need it.

    Attributes:
        folder: Contains the socket and the data.
    """

    def __init__(self, folder: Path, is_durable: bool = False) -> None:
        self.folder, self._is_durable = folder, is_durable
        self._data = folder / "data"
        self.process: subprocess.Popen[bytes] | None = None

    @classmethod
    def create(cls, is_durable: bool = False) -> Cluster:
        """Create and start a cluster. `find_obstacle` has returned ""."""
        folder = Path(tempfile.mkdtemp(prefix="novasim-pg-", dir=find_parent()))
        cluster = cls(folder, is_durable)
        if account := _find_account():
            os.chown(folder, account.pw_uid, account.pw_gid)
        words = ["-D", cluster._data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run([_program("initdb"), *words], check=True, capture_output=True, **_as_account())
        (cluster._data / "pg_hba.conf").write_text(HBA)
        cluster.start()
        return cluster

    def start(self) -> None:
        """Start the server, and wait until it accepts connections. Those of a killed one may still be ending."""
        deadline = time.monotonic() + TIMEOUT
        while not self._try_to_start(deadline):
            if time.monotonic() > deadline:
                raise AssertionError((self.folder / "log").read_text())
            time.sleep(0.1)

    def kill(self) -> None:
        """End the server by SIGKILL, as a power failure does; its children end when they notice."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the server, and cut all connections."""
        self._end(signal.SIGINT)

    def remove(self) -> None:
        """End the server, and remove its folder."""
        if self.process:
            self._end(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str = "postgres", user: str = USER, cloud: str = "", password: str = "") -> str:
        """The address of a database, and of a cloud in it."""
        secret = f":{quote(password)}" if password else ""
        query = f"?cloud={cloud}" if cloud else ""
        return f"postgresql://{user}{secret}@{quote(str(self.folder), safe='')}/{database}{query}"

    def execute(self, command: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Execute an SQL command as superuser, outside of a transaction; return its rows."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(command)
            return cursor.fetchall() if cursor.description else []

    def _try_to_start(self, deadline: float) -> bool:
        """Start the server. Returns False if it has ended."""
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "max_connections": "200",
            "shared_buffers": "32MB",
            "fsync": "on" if self._is_durable else "off",
            "synchronous_commit": "on" if self._is_durable else "off",
        }
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with open(self.folder / "log", "ab") as log:
            command = [_program("postgres"), "-D", self._data, *words]
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **_as_account()
            )
        while not self._is_ready() and time.monotonic() < deadline:
            if self.process.poll() is not None:
                return False
            time.sleep(0.02)
        return True

    def _is_ready(self) -> bool:
        """As pg_ctl sees it: the last line of the lock file says so."""
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        is_own = bool(lines) and self.process is not None and lines[0] == str(self.process.pid)
        return is_own and re.fullmatch(r"ready\s*", lines[-1]) is not None

    def _end(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)
        self.process.wait(TIMEOUT)
        self.process = None


def _program(name: str) -> str:
    folder = find_programs()
    assert folder is not None
    return str(folder / name)


def _find_account() -> struct_passwd | None:
    """The account that runs the server; None for that of this process."""
    if os.geteuid() != 0:
        return None
    import pwd

    names = {account.pw_name: account for account in pwd.getpwall()}
    return next(names[name] for name in ACCOUNTS if name in names)


def _as_account() -> dict[str, Any]:
    """Arguments of subprocess that start a program of PostgreSQL as its account."""
    account = _find_account()
    who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": ()} if account else {}
    return {**who, "cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}}
