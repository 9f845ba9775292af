"""The hierarchy of projects: parents, subtrees, and the rules that keep it whole. Source: keystone/resource/core.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from novasim.api.callers import list_scopes
from novasim.api.context import Context
from novasim.api.identity.resources import find_domain, is_option_set
from novasim.errors import BadRequest, Forbidden
from novasim.records import Project, User
from novasim.simulation.world import World

Object = dict[str, Any]
Show = Callable[[Context, Project], Object]

MAX_DEPTH = 5
"""Keystone's option max_project_tree_depth: levels of projects below a domain."""
EXCLUSIVE = (("parents_as_list", "parents_as_ids"), ("subtree_as_list", "subtree_as_ids"))


def list_parents(world: World, project: Project) -> list[Project]:
    """Return the projects above a project, the nearest first."""
    parents: list[Project] = []
    while (parent_id := (parents or [project])[-1].parent_id) and (parent := world.tx.get(Project, parent_id)):
        parents.append(parent)
    return parents


def list_subtree(world: World, project: Project) -> list[Project]:
    """Return the projects below a project, parents before their children."""
    subtree = list_children(world, project.id)
    for each in subtree:
        subtree += list_children(world, each.id)
    return subtree


def list_children(world: World, project_id: str) -> list[Project]:
    """Return the projects directly below a project."""
    return world.tx.query(Project, {"parent_id": project_id})


def check_parent(ctx: Context, parent: Project | None, domain_id: str) -> None:
    """
    Check where a new project is to be.

    Args:
        parent: The project above it, or None directly below the domain.

    Raises:
        BadRequest: the parent is in another domain, or a project or the domain above is disabled (400).
        Forbidden: there would be too many levels (403).
    """
    if parent and parent.domain_id != domain_id:
        raise BadRequest(
            reason=f"Cannot create project, since it specifies its domain_id {domain_id}, but specifies a parent in a "
            f"different domain ({parent.domain_id})."
        )
    above = [parent, *list_parents(ctx.world, parent)] if parent else []
    domain = find_domain(ctx.world, domain_id)
    disabled = [each.id for each in (*above, domain) if each and not each.enabled]
    if disabled:
        raise BadRequest(reason=f"cannot create a project in a branch containing a disabled project: {disabled[0]}")
    if len(above) >= MAX_DEPTH:
        raise Forbidden(reason=f"Max hierarchy depth reached for {above[0].id} branch.")


def check_update(ctx: Context, project: Project, body: Object) -> None:
    """
    Check a change of a project.

    Raises:
        BadRequest: it would become a domain (400). Forbidden: it would have another parent, be enabled below a disabled
            project or be disabled above an enabled one (403).
    """
    if body.get("parent_id", own := project.parent_id or project.domain_id) != own:
        raise Forbidden(reason="Update of `parent_id` is not allowed.")
    if body.get("is_domain"):
        raise BadRequest(reason="Update of `is_domain` is not allowed.")
    enabled = body.get("enabled", project.enabled)
    if enabled and not project.enabled and not all(each.enabled for each in list_parents(ctx.world, project)):
        raise Forbidden(reason=f"Cannot enable project {project.id} since it has disabled parents")
    if project.enabled and not enabled and any(each.enabled for each in list_subtree(ctx.world, project)):
        raise Forbidden(reason=f"Cannot disable project {project.id} since its subtree contains enabled projects.")


def check_is_leaf(ctx: Context, project: Project) -> None:
    """
    Check that a project has no others below it.

    Raises:
        Forbidden: it has (403).
    """
    if list_children(ctx.world, project.id):
        raise Forbidden(
            reason=f"Cannot delete the project {project.id} since it is not a leaf in the hierarchy. Use the cascade "
            "option if you want to delete a whole subtree."
        )


def relatives_view(ctx: Context, project: Project, show: Show) -> Object:
    """
    The parents and the subtree of a project, as far as the query asks for them.

    Lists contain only projects in which the caller has a role.

    Raises:
        BadRequest: the query asks for both forms (400).

    Source: keystone/api/projects.py _expand_project_ref.
    """
    for first, second in EXCLUSIVE:
        if is_option_set(ctx, first) and is_option_set(ctx, second):
            raise BadRequest(reason=f"Cannot use {first} and {second} query params at the same time.")
    view: Object = {}
    if is_option_set(ctx, "parents_as_list"):
        view["parents"] = _accessible_views(ctx, list_parents(ctx.world, project), show)
    if is_option_set(ctx, "parents_as_ids"):
        view["parents"] = _parent_ids(ctx.world, project)
    if is_option_set(ctx, "subtree_as_list"):
        view["subtree"] = _accessible_views(ctx, list_subtree(ctx.world, project), show)
    if is_option_set(ctx, "subtree_as_ids"):
        view["subtree"] = _subtree_ids(ctx.world, project.id)
    return view


def _accessible_views(ctx: Context, projects: list[Project], show: Show) -> list[Object]:
    user = ctx.world.tx.get(User, ctx.caller.user_id)
    scopes = list_scopes(ctx.world.tx, user) if user else []
    return [{"project": show(ctx, each)} for each in projects if each.id in scopes]


def _parent_ids(world: World, project: Project) -> Object:
    """The ids of the parents, each in an object with that of its own parent; the last one is that of the domain."""
    ids: Object | None = None
    for id in (project.domain_id, *(each.id for each in reversed(list_parents(world, project)))):
        ids = {id: ids}
    return ids or {}


def _subtree_ids(world: World, project_id: str) -> Object | None:
    children = list_children(world, project_id)
    return {each.id: _subtree_ids(world, each.id) for each in children} or None
