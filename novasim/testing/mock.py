"""A simulated OpenStack for code that connects by itself."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import wraps
from types import TracebackType
from typing import Any, TypeVar, cast, overload

from novasim.control.first_states import Quota
from novasim.errors import UsageError
from novasim.library.cloud import Cloud
from novasim.remote.clients import client_variables
from novasim.serve.client_settings import split_user
from novasim.testing.environment import set_variables, write_clouds_file
from novasim.testing.settings import URL, auth_settings
from novasim.testing.worlds import new_cloud, read_options

Target = TypeVar("Target", bound=Callable[..., Any])


@overload
def mock_openstack(target: Target, /) -> Target: ...
@overload
def mock_openstack(
    *,
    clock: str | None = None,
    hosts: int = 3,
    seed: int | None = None,
    quota: Quota = None,
    scenario: str | os.PathLike[str] | None = None,
    user: str = "demo",
    cloud: Cloud | None = None,
    names: Iterable[str] = (),
    server: bool = False,
) -> MockOpenStack: ...
def mock_openstack(  # noqa: PLR0913  they are the options of a cloud, by keyword
    target: Target | None = None,
    /,
    *,
    clock: str | None = None,
    hosts: int = 3,
    seed: int | None = None,
    quota: Quota = None,
    scenario: str | os.PathLike[str] | None = None,
    user: str = "demo",
    cloud: Cloud | None = None,
    names: Iterable[str] = (),
    server: bool = False,
) -> MockOpenStack | Target:
    """
    Make code that connects by itself meet a simulated cloud: `openstack.connect()`, clients of keystoneauth1, programs.

    The result is a context manager, a decorator of functions, coroutines and test classes, and has `start()` and
    `stop()`. In the meantime the variables OS_* name the cloud, and no others are set.

    Args:
        target: What it decorates, if it is written without arguments: @mock_openstack.
        clock: real, manual, instant (default) or stepping.
        hosts: The number of compute hosts.
        seed: The same seed and the same calls give the same ids, addresses and times.
        quota: "unlimited", or limits of each project such as {"cores": 4}.
        scenario: A YAML file that describes another cloud than the default.
        user: The user in the variables: USER or USER@PROJECT.
        cloud: An existing cloud, instead of a new one as described by the arguments above.
        names: Names of clouds for `openstack.connect(cloud=NAME)`.
        server: Whether to start an HTTP server, for programs in other processes and clients that do not use requests.

    Raises:
        UsageError: an option is invalid, or what the mock needs is not installed.
    """
    options = read_options(clock, hosts, seed, quota, scenario)
    mock = MockOpenStack(lambda: cloud or Cloud(new_cloud(options), user), user, tuple(names), server)
    return mock(target) if target else mock


class MockOpenStack:
    """The result of `mock_openstack`."""

    def __init__(self, create: Callable[[], Cloud], user: str, names: tuple[str, ...], server: bool) -> None:
        self._create, self._user, self._names, self._server = create, user, names, server
        self._stack = ExitStack()

    def start(self) -> Cloud:
        """Begin; return the cloud. `stop` must follow."""
        cloud = self._create()
        with ExitStack() as stack:
            url = self._serve(stack, cloud)
            variables = client_variables(url, *split_user(self._user))
            if self._names:
                file = write_clouds_file(self._names, auth_settings(self._user, url=url))
                variables.update(stack.enter_context(file))
            stack.enter_context(set_variables(variables))
            self._stack = stack.pop_all()
        return cloud

    def stop(self) -> None:
        """End; restore the variables. Without `start` it does nothing."""
        self._stack.close()

    def _serve(self, stack: ExitStack, cloud: Cloud) -> str:
        """Begin to answer requests; return the URL."""
        if self._server:
            from novasim.testing.server import Server

            return stack.enter_context(Server(cloud)).url
        try:
            from novasim.testing.interception import intercept
            from novasim.testing.transport import CloudAdapter
        except ModuleNotFoundError:
            raise UsageError("mock_openstack needs the package requests, or server=True.") from None
        return stack.enter_context(intercept(URL, CloudAdapter(cloud)))

    def __enter__(self) -> Cloud:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def __call__(self, target: Target) -> Target:
        if isinstance(target, type):
            for name in [name for name in dir(target) if name.startswith("test")]:
                setattr(target, name, self(getattr(target, name)))
            return target
        if inspect.iscoroutinefunction(target):

            @wraps(target)
            async def run_coroutine(*args: Any, **named: Any) -> Any:
                with self._copy():
                    return await target(*args, **named)

            return cast("Target", run_coroutine)

        @wraps(target)
        def run(*args: Any, **named: Any) -> Any:
            with self._copy():
                return target(*args, **named)

        return cast("Target", run)

    def _copy(self) -> MockOpenStack:
        """A mock for one call; calls may overlap."""
        return MockOpenStack(self._create, self._user, self._names, self._server)
