"""The removal of users and projects, together with what refers to them."""

from __future__ import annotations

from novasim.records import Project, Trust, User
from novasim.simulation.world import World


def remove_user(world: World, user: User) -> None:
    """
    Delete a user and the trusts from and to the user.

    Source: keystone/trust/core.py _on_user_delete.
    """
    world.tx.delete(user)
    for field in ("trustor_user_id", "trustee_user_id"):
        for trust in world.tx.query(Trust, {field: user.id}):
            world.tx.delete(trust)


def remove_project(world: World, project: Project) -> None:
    """
    Delete a project, the roles that users have in it, and its trusts.

    Source: keystone/resource/core.py _post_delete_cleanup_project.
    """
    world.tx.delete(project)
    for trust in world.tx.query(Trust, {"project_id": project.id}):
        world.tx.delete(trust)
    for user in world.tx.query(User):
        if user.roles.pop(project.id, None) is not None:
            user.default_project_id = None if user.default_project_id == project.id else user.default_project_id
            world.tx.put(user)
