"""One command's way to the cloud: where it is, who asks, at which microversion; requests go through the door."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click

from novasim.api import microversions
from novasim.api.callers import find_caller
from novasim.api.dispatch import handle
from novasim.api.request import Request, Response
from novasim.cloud import Cloud
from novasim.control.worlds import open_cloud
from novasim.errors import UsageError
from novasim.lifecycle.microversions import NEWEST
from novasim.records import Caller
from novasim.render.formats import FORMATS
from novasim.render.view import View, chosen, of_list, of_object

ENDPOINT = "http://127.0.0.1:8774"


class Session:
    """
    What the global options said, and what follows from it.

    Args:
        path: The cloud file; None is the default one. who: USER or USER@PROJECT. version: a pinned
            microversion such as "2.53", or None. show_request: print each request as a curl command.
    """

    def __init__(self, path: str | None, who: str, version: str | None, show_request: bool = False) -> None:
        self._path, self.who, self.show_request = path, who, show_request
        self.global_options: tuple[
            str, ...
        ] = ()  # what a further command line needs before its command to mean the same
        self.pinned = microversions.parse(version) if version else None
        self.fmt, self.columns, self.quiet = "table", (), False
        self._cloud: Cloud | None = None
        self._caller: Caller | None = None
        self._changed = False
        self.command: click.Context | None = None  # what was typed, for whoever tells why it was refused

    @property
    def path(self) -> str:
        """Where the cloud is kept."""
        return self._path or default_path()

    @property
    def cloud(self) -> Cloud:
        """The cloud; a new file is filled with the default world."""
        if self._cloud is None:
            self._cloud = open_cloud(self.path)
        return self._cloud

    @property
    def caller(self) -> Caller:
        """Who asks."""
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
    ) -> Response:
        """
        Send a request; *minor* counts unless a microversion is pinned.

        Raises:
            NovaFault: the refusal, if it is refused.
        """
        minor = self.pinned if self.pinned is not None else minor
        request = Request(self.caller, method, path, minor, tuple(query), body, service, ENDPOINT)
        if self.show_request:
            from novasim.cli.curl import as_curl

            click.echo(as_curl(request), err=True)
        response = handle(self.cloud, request)
        if response.fault:
            raise response.fault
        self._changed = self._changed or method != "GET"
        return response

    def get(self, path: str, query: Sequence[tuple[str, str]] = (), service: str = "compute") -> Any:
        """The body of a GET."""
        return self.request("GET", path, query=query, service=service).body

    @contextmanager
    def transaction(self, writes: bool) -> Iterator[None]:
        """Several requests as one: all of them or nothing, or (without *writes*) one look at the world."""
        alone = self.cloud
        with alone.transaction(writes) as one:
            self._cloud = one
            try:
                yield
            finally:
                self._cloud = alone

    def show(self, thing: Mapping[str, Any]) -> None:
        """Print one object in the format asked for."""
        self.write(of_object(thing))

    def show_each(self, things: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
        """Print one object as it is, several as a list, nothing for none."""
        if len(things) == 1:
            self.show(things[0])
        elif things:
            self.show_list(things, columns)

    def show_list(self, things: Sequence[Mapping[str, Any]], columns: Mapping[str, str], id_key: str = "id") -> None:
        """Print a list of objects; *columns* are titles and keys of the table."""
        self.write(of_list(things, columns, id_key))

    def write(self, view: View) -> None:
        """Print a view in the format asked for."""
        if self.quiet:
            sys.stdout.writelines(f"{id}\n" for id in view.ids)
            return
        FORMATS[self.fmt](self._with_columns(view), sys.stdout)

    def _with_columns(self, view: View) -> View:
        """
        The view with the columns asked for. After a change an unknown one is only remarked upon: what was done is
        done, and what is shown of it may be shown this once.
        """
        try:
            return chosen(view, self.columns)
        except KeyError as missing:
            known = [row[0] for row in view.rows] if view.single else view.columns
            problem = f"There is no column {missing}; there are: {', '.join(map(str, known))}."
            if not self._changed:
                raise UsageError(problem) from None
            click.echo(f"novasim: {problem}", err=True)
            return view

    @property
    def has_default_output(self) -> bool:
        """Whether what could be a table may as well be text: no format, no column and no bare ids were asked for."""
        return self.fmt == "table" and not self.columns and not self.quiet

    @property
    def is_human_readable(self) -> bool:
        """Whether the answer is shown in words for people rather than in Nova's own form."""
        return self.fmt not in ("json", "yaml")


def default_path() -> str:
    """cloud.json in the user's data directory."""
    from platformdirs import user_data_dir

    return os.path.join(user_data_dir("novasim", appauthor=False), "cloud.json")
