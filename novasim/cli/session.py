"""The session of a command: its cloud, caller and microversion. It sends requests to the API and prints answers."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from novasim.api import microversions
from novasim.api.callers import find_caller
from novasim.api.dispatch import handle
from novasim.api.request import Request, Response
from novasim.cli.catalog import WITHOUT_PAST, only_reads
from novasim.cli.default_cloud import default_path
from novasim.cloud import Cloud
from novasim.control.worlds import open_new_cloud, preview_cloud
from novasim.errors import UsageError
from novasim.lifecycle.microversions import NEWEST
from novasim.records import Caller
from novasim.records.caller import Origin
from novasim.render.formats import FORMATS
from novasim.render.output import escape_line, print_command, print_message, report_new_cloud
from novasim.render.view import View, view_list, view_object
from novasim.store import open_store
from novasim.store.errors import missing

if TYPE_CHECKING:
    from novasim.control.kept.states import CloudStates

T = TypeVar("T")

FOR_ADMINISTRATORS = ("os-ext-srv-attr:", "host_status")
SHORT_NAMES_FOR_ADMINISTRATORS = ("host", "hypervisor_hostname", "instance_name")  # without the prefix
"""Beginnings of the attributes of servers that only administrators see, in lower case."""
ENDPOINT = "http://127.0.0.1:8774"


class Session:
    """
    The global options of a command, and the cloud that they name.

    Args:
        path: The cloud file, or another address as for `novasim.store.open_store`; None is the default file.
        who: The caller, as USER or USER@PROJECT.
        version: A pinned microversion such as "2.53", or None.
        show_request: Whether to print each request as a curl command.

    Attributes:
        gives_advice: Whether advice follows errors.
    """

    gives_advice = True

    def __init__(self, path: str | None, who: str, version: str | None, show_request: bool = False) -> None:
        self._path, self.who, self.show_request = path, who, show_request
        self.named_cloud = path or ""  # as --cloud or NOVASIM_CLOUD names it, without a password
        self.at: int | None = None  # the entry of the record after which the cloud is shown
        self.global_options: tuple[str, ...] = ()  # those to repeat in a suggested command line, without passwords
        self.words: tuple[str, ...] = ()  # the command and its arguments, to repeat in advice
        self.variables: dict[str, str] = {}  # environment variables that set global options, and their values
        self.pinned: int | None = None
        self.pin(version)
        self.fmt, self.quiet = "table", False
        self.columns: Sequence[str] = ()
        self._cloud: Cloud | None = None
        self._caller: Caller | None = None
        self.last_request: Request | None = None
        self._changed = False
        self.command: click.Context | None = None  # for suggestions after an error

    def pin(self, version: str | None) -> None:
        """
        Use this microversion for all requests; None is the newest that each command knows.

        Raises:
            NovaFault: the version is invalid or out of range.
        """
        self.pinned = microversions.parse(version) if version else None

    @property
    def path(self) -> str:
        """The path of the cloud file, or the address of a cloud in a database or behind a server."""
        self.check_moment()
        return self._path or default_path()

    def check_moment(self) -> None:
        """Raise UsageError if --at is given and the command does not show the cloud at one moment."""
        if self.at is None:
            return
        context = click.get_current_context(silent=True)
        if not only_reads(context):
            raise UsageError("--at shows the cloud as it was, so it is only for commands that read.")
        parent = context.parent.info_name if context and context.parent and context.parent.parent else ""
        if context and (name := f"{parent} {context.info_name}".strip()) in WITHOUT_PAST:
            raise UsageError(f"{name} does not show the cloud at one moment; leave --at out.")

    @property
    def cloud(self) -> Cloud:
        """
        The cloud. Its first saved change creates it; a command that only reads sees a new one at the default path.

        Raises:
            CloudFileError: the file cannot be used, or a command that only reads names a file that does not exist.
        """
        self._cloud = self._cloud or self._open()
        return self._cloud

    def exists(self) -> bool:
        """Whether there is a cloud, damaged or not."""
        return open_store(self.path).exists()

    @property
    def states(self) -> CloudStates:
        """The states that are kept of the cloud, for commands that put others in its place."""
        from novasim.control.kept.states import CloudStates

        return CloudStates(self.path, self.origin)

    @property
    def has_saved(self) -> bool:
        """Whether the command has saved a change of the cloud."""
        return self._cloud is not None and getattr(self._cloud.store, "has_saved", False)

    def _open(self) -> Cloud:
        store = open_store(self.path, owns_process=True)
        is_new = not store.exists()
        if is_new and only_reads(click.get_current_context(silent=True)):
            if self._path:
                raise missing(self._path)
            return preview_cloud()
        cloud = open_new_cloud(self.path, report_new_cloud) if is_new else Cloud(store)
        cloud.origin = self.origin
        if self.at is not None:
            from novasim.control.past import open_past_cloud

            return open_past_cloud(cloud, self.at)
        return cloud

    def command_line(self, *words: str, who: str = "") -> str:
        """A command line for a shell that runs a command on this cloud. *who* is its caller; "" for the default one."""
        return shlex.join(["novasim", *self.global_options, *(who and ("--as", who)), *words])

    @property
    def origin(self) -> Origin:
        """Where changes come from, for the record."""
        return "cli", self.words, lambda: self.caller

    @property
    def caller(self) -> Caller:
        """The caller, with user, project and roles."""
        if self._caller is None:
            with self.cloud.store.read() as tx:
                self._caller = find_caller(tx, self.who)
        return self._caller

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: Sequence[tuple[str, str]] = (),
        minor: int = NEWEST,
        service: str = "compute",
        is_paged: bool = True,
    ) -> Response:
        """
        Send a request, at the microversion 2.*minor* unless another one is pinned.

        Raises:
            NovaFault: the request is refused.
        """
        response = self.send(method, path, body, query, minor, service, is_paged)
        if response.fault:
            raise response.fault
        self._changed = self._changed or method != "GET"
        return response

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: Sequence[tuple[str, str]] = (),
        minor: int = NEWEST,
        service: str = "compute",
        is_paged: bool = True,
    ) -> Response:
        """Send a request as `request` does. A refusal is a response, too."""
        minor = self.pinned if self.pinned is not None else minor
        request = Request(self.caller, method, path, minor, tuple(query), body, service, ENDPOINT, is_paged=is_paged)
        self.last_request = request
        if self.show_request:
            from novasim.cli.curl import format_curl

            print_command(format_curl(request))
        return self.handle(request)

    def handle(self, request: Request) -> Response:
        """The answer of the cloud to a request."""
        return handle(self.cloud, request)

    def control(self, function: Callable[..., T], *arguments: Any, **options: Any) -> T:
        """The result of a function of `novasim.control` that changes the cloud."""
        return function(self.cloud, *arguments, **options)

    def get(
        self, path: str, query: Sequence[tuple[str, str]] = (), service: str = "compute", is_paged: bool = True
    ) -> Any:
        """The body of a GET. A list that is not paged has all records in one response."""
        return self.request("GET", path, query=query, service=service, is_paged=is_paged).body

    @contextmanager
    def transaction(self, writes: bool) -> Iterator[None]:
        """Make several requests one transaction: all of them or nothing, or (without *writes*) one consistent read."""
        outer = self.cloud
        with outer.transaction(writes) as inner:
            self._cloud = inner
            try:
                yield
            finally:
                self._cloud = outer

    def show(self, item: Mapping[str, Any], titles: Mapping[str, str] | None = None, id_key: str = "id") -> None:
        """Print one object in the format of `-f`. *titles* are the titles of the table and the keys of their values."""
        self.write(view_object(item, titles, id_key))

    def show_each(self, items: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
        """Print one object in full, several as a list, and nothing if there is no object."""
        if len(items) == 1:
            self.show(items[0])
        elif items:
            self.show_list(items, columns)

    def show_list(
        self,
        items: Sequence[Mapping[str, Any]],
        columns: Mapping[str, str],
        id_key: str = "id",
        texts: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """Print a list of objects. The arguments are those of `view_list`."""
        self.write(view_list(items, columns, id_key, texts))

    def write(self, view: View) -> None:
        """Print a view in the format of `-f`."""
        if self.quiet:
            sys.stdout.writelines(escape_line(id, sys.stdout) + "\n" for id in view.ids)
            return
        FORMATS[self.fmt](self.with_columns(view), sys.stdout)

    def with_columns(self, view: View) -> View:
        """
        The view with the columns of `-c`.

        Raises:
            UsageError: an unknown column. After a change it is only a warning, as the request cannot be repeated.
        """
        if not self.columns:
            return view
        from novasim.render.selection import select_columns, suggest_columns

        try:
            return select_columns(view, self.columns, None if view.data else self._list_known_columns())
        except KeyError as missing:
            columns = ", ".join(map(str, [row[0] for row in view.rows] if view.single else view.columns))
            near = suggest_columns(missing.args[0], view)
            problem = f"There is no column {missing}{self._who_sees(missing.args[0])}.{near or f' Columns: {columns}.'}"
            if not self._changed:
                raise UsageError(problem) from None
            print_message(f"novasim: {problem}")
            return view

    def _list_known_columns(self) -> list[str] | None:
        """The columns of the command, whatever the cloud contains; None if they are unknown."""
        from novasim.cli.shell.tables import list_columns

        return (list_columns(self.command) or None) if self.command else None

    def _who_sees(self, column: str) -> str:
        """Words that follow the name of an unknown column; "" unless only administrators have it."""
        is_short = self.words[:1] == ("show",) and column.lower() in SHORT_NAMES_FOR_ADMINISTRATORS
        if self.caller.is_admin or not (is_short or column.lower().startswith(FOR_ADMINISTRATORS)):
            return ""
        line = self.command_line(*self.words, who="admin")
        return f" for {self.who}; administrators see it: {line}"

    @property
    def has_default_output(self) -> bool:
        """Whether the command has none of -f, -c and -q, so that text may take the place of a table."""
        return self.fmt == "table" and not self.columns and not self.quiet

    @property
    def is_human_readable(self) -> bool:
        """Whether the output is for people, with names and words, rather than Nova's representation."""
        return self.fmt not in ("json", "yaml")
