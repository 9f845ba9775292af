"""Quotas of projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from novasim.records import Project
from novasim.simulation.options import QUOTAS

if TYPE_CHECKING:
    from novasim.library.client import Client


class Quota:
    """The limits of projects for servers: instances, cores, ram, key_pairs, ..."""

    def __init__(self, cloud: Client) -> None:
        self._cloud = cloud

    def show(self, project: str | None = None) -> dict[str, int]:
        """
        The limits of a project (name or id; the caller's by default). -1 is no limit.

        Raises:
            NotFound: there is no such project. NovaFault: the caller is not allowed to see it.
        """
        body = self._cloud.get(f"/os-quota-sets/{self._find_project(project)}")["quota_set"]
        return {name: limit for name, limit in body.items() if name in QUOTAS}

    def set(self, project: str | None = None, **limits: int) -> None:
        """
        Set limits of a project (name or id; the caller's by default), even if it uses more.

        Every caller of the library is allowed to do this.

        Raises:
            NotFound: there is no such project. NovaFault: a limit is invalid.
        """
        id = self._find_project(project)
        body = {"quota_set": {"force": True, **limits}}
        self._cloud.request_as_admin("PUT", f"/os-quota-sets/{id}", body)

    def _find_project(self, text: str | None) -> str:
        if text is None:
            return self._cloud.caller.project_id
        with self._cloud.world.reading() as world:
            found = [project for project in world.tx.query(Project) if text in (project.id, project.name)]
        if not found:
            from novasim.errors import NotFound

            raise NotFound(reason=f"There is no project {text!r}.")
        return found[0].id
