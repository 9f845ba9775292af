"""What belongs to the project of a student in a shared cloud, and the cloud as that project sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from novasim.cloud import Cloud
from novasim.records import TABLES, Image, ImageData, Keypair, Network, Project, Record, Router, Server, Subnet, User
from novasim.simulation.default_world import DEFAULT_USERS
from novasim.simulation.world import Records
from novasim.store.documents import Tables
from novasim.store.memory import MemoryStore

Fields = Mapping[str, Any]
OWNERS = ("project_id", "owner", "source_project_id")  # fields with the ID of a project
INFRASTRUCTURE = (Network.table, Subnet.table, Router.table)  # that of the administrator is for all projects
LEARNER = DEFAULT_USERS[0]  # the user in the commands of lessons


class Ownership:
    """
    What belongs to a project: documents with its ID, and those of its servers, its images and its user.

    Args:
        project, user: Their IDs. servers, images: The IDs of those of the project.
    """

    def __init__(self, project: str, user: str, servers: frozenset[str], images: frozenset[str]) -> None:
        self.project, self._user, self._servers, self._images = project, user, servers, images

    def has(self, table: str, fields: Fields) -> bool:
        """Whether a document belongs to the project."""
        if table == Keypair.table:
            return bool(fields["user_id"] == self._user)
        if table == ImageData.table:
            return fields["id"] in self._images
        return fields.get("server_id") in self._servers or any(fields.get(key) == self.project for key in OWNERS)


def find_ownership(tx: Records, name: str) -> Ownership:
    """What belongs to the project of a student."""
    (project,) = tx.query(Project, {"name": name})
    (user,) = tx.query(User, {"name": name})
    servers = frozenset(server.id for server in tx.query(Server, {"project_id": project.id}))
    images = frozenset(image.id for image in tx.query(Image, {"owner": project.id}))
    return Ownership(project.id, user.id, servers, images)


def list_own_records(tx: Records, ownership: Ownership) -> Iterator[Record]:
    """The records that belong to a project."""
    for table, kind in TABLES.items():
        for record in tx.query(kind):
            if ownership.has(table, record.to_document()):
                yield record


def restrict_tables(tables: Tables, ownership: Ownership, name: str) -> Tables:
    """
    The cloud as the project of a student sees it, with the student as the user demo, who is that of lessons.

    Documents that belong to no project are kept, and the networks of the administrator.
    """
    projects = {str(row["id"]): str(row["name"]) for row in tables.get(Project.table, {}).values()}
    shared = {id for id, owner in projects.items() if owner == "admin"}
    return {
        table: {
            number: _rename(table, row, name)
            for number, row in rows.items()
            if ownership.has(table, row) or _is_for_all(table, row, shared, name)
        }
        for table, rows in tables.items()
    }


def _is_for_all(table: str, row: Fields, shared: set[str], name: str) -> bool:
    if table in (Project.table, User.table):
        return row["name"] in (name, "admin")
    if table == Image.table:
        return bool(row.get("visibility", Image.visibility) == "public")
    if table in INFRASTRUCTURE:
        return row["project_id"] in shared
    return table not in (Keypair.table, ImageData.table) and not any(key in row for key in ("server_id", *OWNERS))


def _rename(table: str, row: Any, name: str) -> Any:
    is_learner = table in (Project.table, User.table) and row["name"] == name
    return {**row, "name": LEARNER} if is_learner else row


def open_project(cloud: Cloud, name: str) -> Cloud:
    """A copy of a shared cloud in memory, as `restrict_tables` returns it. Raises CloudFileError."""
    with cloud.store.read() as tx:
        ownership = find_ownership(tx, name)
    return Cloud(MemoryStore(tables=restrict_tables(cloud.store.tables(), ownership, name)), cloud.wall)
