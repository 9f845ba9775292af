"""The handlers that all network resources share: list, show, create, update, delete, tags."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from novasim.api.collections import select_fields
from novasim.api.context import Context
from novasim.api.network.attributes import assign_attributes, read_project_id
from novasim.api.network.filters import matches_filters
from novasim.api.network.lists import list_view, read_limit
from novasim.api.network.quotas import check_quota
from novasim.api.network.revisions import check_revision
from novasim.api.network.tables import TABLES
from novasim.api.network.visibility import is_own
from novasim.api.policy.roles import require_member
from novasim.api.request import Response
from novasim.errors import Forbidden, NotFound
from novasim.records import Record

R = TypeVar("R", bound=Record)


MISSING = {  # name: type and text of the refusal of an unknown id
    "network": "NetworkNotFound: Network {} could not be found.",
    "subnet": "SubnetNotFound: Subnet {} could not be found.",
    "port": "PortNotFound: Port {} could not be found.",
    "router": "RouterNotFound: Router {} could not be found",
    "floatingip": "FloatingIPNotFound: Floating IP {} could not be found",
    "security_group": "SecurityGroupNotFound: Security group {} does not exist",
    "subnetpool": "SubnetPoolNotFound: Subnet pool {} could not be found.",
    "address_scope": "AddressScopeNotFound: Address scope {} could not be found.",
}


class Resource(Generic[R]):
    """
    The handlers of a resource.

    Args:
        kind: Its record. name: the key of its bodies and of its attribute table, such as "network".
        view: Returns a record as the service shows it.
        create_record: Returns a new record for the attributes in a body, or raises a refusal.
        apply_update: Applies the attributes with code of their own to a record, or raises a refusal.
        delete_record: Deletes a record, or raises a refusal.
        is_shared: Whether other projects may see a record.
    """

    def __init__(
        self,
        kind: type[R],
        name: str,
        view: Callable[[Context, R], dict[str, Any]],
        create_record: Callable[[Context, dict[str, Any]], R],
        apply_update: Callable[[Context, R, dict[str, Any]], None],
        delete_record: Callable[[Context, R], None],
        is_shared: Callable[[R], bool] = lambda record: False,
    ) -> None:
        self.kind, self.name = kind, name
        self.plural, self.table = TABLES[name]
        self.view, self.create_record, self.apply_update = view, create_record, apply_update
        self.delete_record, self.is_shared = delete_record, is_shared

    def index(self, ctx: Context) -> dict[str, Any]:
        """GET /v2.0/{resources}: the visible resources that match the query. 400, 404."""
        if (marker := ctx.query("marker")) and read_limit(ctx):
            self.get_or_404(ctx, marker)
        visible = [record for record in ctx.world.tx.query(self.kind) if self.is_visible(ctx, record)]
        views = [self.view(ctx, record) for record in visible]
        return list_view(ctx, self.plural, views, lambda view: self.matches(ctx, view))

    def matches(self, ctx: Context, view: dict[str, Any]) -> bool:
        """Whether a resource matches the filters of the query. Raises BadRequest: a filter does not exist (400)."""
        return matches_filters(ctx, view, self.table)

    def show(self, ctx: Context, id: str) -> dict[str, Any]:
        """GET /v2.0/{resources}/{id}: one resource. 404."""
        return {self.name: select_fields(ctx, self.view(ctx, self.get_or_404(ctx, id)))}

    def create(self, ctx: Context) -> Response:
        """POST /v2.0/{resources}: create a resource, or several. 400, 403, 404, 409."""
        require_member(ctx, f"(rule:create_{self.name}) is disallowed by policy")
        if self.plural in ctx.body:
            return Response(201, {self.plural: [self._create_one(ctx, body) for body in ctx.body[self.plural]]})
        return Response(201, {self.name: self._create_one(ctx, ctx.body[self.name])})

    def _create_one(self, ctx: Context, body: dict[str, Any]) -> dict[str, Any]:
        check_quota(ctx.world, read_project_id(ctx, body), self.name)
        record = self.create_record(ctx, body)
        ctx.world.tx.put(record)
        return self.view(ctx, record)

    def update(self, ctx: Context, id: str) -> dict[str, Any]:
        """PUT /v2.0/{resources}/{id}: change a resource of the caller's project. 400, 403, 404, 409, 412."""
        record: Any = self.get_own(ctx, id)
        check_revision(ctx, record.revision)
        body = ctx.body[self.name]
        assign_attributes(ctx, self.table, record, body, self.name)
        self.apply_update(ctx, record, body)
        self._save(ctx, record)
        return {self.name: self.view(ctx, record)}

    def delete(self, ctx: Context, id: str) -> Response:
        """DELETE /v2.0/{resources}/{id}: delete a resource of the caller's project. 403, 404, 409, 412."""
        record: Any = self.get_own(ctx, id, "delete")
        check_revision(ctx, record.revision)
        self.delete_record(ctx, record)
        return Response(204)

    def list_tags(self, ctx: Context, id: str) -> dict[str, Any]:
        """GET /v2.0/{resources}/{id}/tags: the tags of a resource. 404."""
        record: Any = self.get_or_404(ctx, id)
        return {"tags": record.tags}

    def replace_tags(self, ctx: Context, id: str) -> dict[str, Any]:
        """PUT /v2.0/{resources}/{id}/tags: replace all tags. 400, 403, 404."""
        return {"tags": self._set_tags(ctx, id, ctx.body["tags"])}

    def delete_tags(self, ctx: Context, id: str) -> Response:
        """DELETE /v2.0/{resources}/{id}/tags: remove all tags. 403, 404."""
        self._set_tags(ctx, id, [])
        return Response(204)

    def check_tag(self, ctx: Context, id: str, tag: str) -> Response:
        """GET /v2.0/{resources}/{id}/tags/{tag}: whether a resource has a tag. 404."""
        self._require_tag(self.get_or_404(ctx, id), tag)
        return Response(204)

    def add_tag(self, ctx: Context, id: str, tag: str) -> Response:
        """PUT /v2.0/{resources}/{id}/tags/{tag}: add a tag. 403, 404."""
        record: Any = self.get_own(ctx, id)
        self._set_tags(ctx, id, [*record.tags, tag])
        return Response(201)

    def delete_tag(self, ctx: Context, id: str, tag: str) -> Response:
        """DELETE /v2.0/{resources}/{id}/tags/{tag}: remove a tag. 403, 404."""
        record: Any = self.get_own(ctx, id)
        self._require_tag(record, tag)
        self._set_tags(ctx, id, [other for other in record.tags if other != tag])
        return Response(204)

    def _require_tag(self, record: Any, tag: str) -> None:
        if tag not in record.tags:
            raise NotFound(reason=f"Tag {tag} could not be found.", type="TagNotFound")

    def _set_tags(self, ctx: Context, id: str, tags: list[str]) -> list[str]:
        record: Any = self.get_own(ctx, id)
        record.tags = unique = list(dict.fromkeys(tags))
        self._save(ctx, record)
        return unique

    def _save(self, ctx: Context, record: Any) -> None:
        record.revision += 1
        record.updated_at = ctx.world.time
        ctx.world.tx.put(record)

    def get_or_404(self, ctx: Context, id: str) -> R:
        """
        Return a record that the caller may see.

        Raises:
            NotFound: it does not exist, or is not visible (404).
        """
        record = ctx.world.tx.get(self.kind, id)
        if record is None or not self.is_visible(ctx, record):
            kind, _, text = MISSING[self.name].partition(": ")
            raise NotFound(reason=text.format(id), type=kind)
        return record

    def get_own(self, ctx: Context, id: str, verb: str = "update") -> R:
        """
        Return a record that the caller may change: of their own project, or any for an administrator.

        Raises:
            NotFound: the caller cannot see it (404). Forbidden: the caller may not change it (403).
        """
        record = self.get_or_404(ctx, id)
        require_member(ctx, f"(rule:{verb}_{self.name}) is disallowed by policy")
        if not self.is_own(ctx, record, verb):
            raise Forbidden(reason=f"(rule:{verb}_{self.name}) is disallowed by policy")
        return record

    def is_own(self, ctx: Context, record: R, verb: str) -> bool:
        """Whether the caller may change ("update") or delete ("delete") a record."""
        return is_own(ctx, record)

    def is_visible(self, ctx: Context, record: R) -> bool:
        """Whether the caller may see a record."""
        return is_own(ctx, record) or self.is_shared(record)
