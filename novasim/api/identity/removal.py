"""The removal of users, groups and projects, together with what refers to them."""

from __future__ import annotations

from novasim.api.identity.resources import list_actors
from novasim.records import Credential, Group, Limit, Project, Trust, User
from novasim.simulation.world import World


def remove_user(world: World, user: User) -> None:
    """
    Delete a user, the user's credentials, and the trusts from and to the user.

    Source: keystone/trust/core.py _on_user_delete, keystone/identity/core.py delete_user.
    """
    world.tx.delete(user)
    _remove_credentials(world, "user_id", user.id)
    for field in ("trustor_user_id", "trustee_user_id"):
        for trust in world.tx.query(Trust, {field: user.id}):
            world.tx.delete(trust)


def remove_group(world: World, group: Group) -> None:
    """
    Delete a group. The tokens of its members become invalid if it has roles.

    Source: keystone/identity/core.py delete_group.
    """
    world.tx.delete(group)
    for user in world.tx.query(User):
        if group.id in user.groups:
            user.groups = [id for id in user.groups if id != group.id]
            user.token_generation += 1 if group.roles else 0
            world.tx.put(user)


def remove_project(world: World, project: Project) -> None:
    """
    Delete a project, the roles that users and groups have in it, its credentials, its trusts and its limits.

    Source: keystone/resource/core.py _post_delete_cleanup_project.
    """
    world.tx.delete(project)
    _remove_credentials(world, "project_id", project.id)
    own = {"project_id": project.id}
    for record in (*world.tx.query(Trust, own), *world.tx.query(Limit, own)):
        world.tx.delete(record)
    remove_scope(world, project.id)
    for user in world.tx.query(User, {"default_project_id": project.id}):
        user.default_project_id = None
        world.tx.put(user)


def _remove_credentials(world: World, field: str, id: str) -> None:
    for credential in world.tx.query(Credential, {field: id}):
        world.tx.delete(credential)


def remove_scope(world: World, scope: str) -> None:
    """Remove all roles in a scope, a key of `User.roles`."""
    for actor in list_actors(world):
        if actor.roles.pop(scope, None) is not None:
            world.tx.put(actor)
