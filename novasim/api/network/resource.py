"""One network resource: its list, show, create, update, delete and tags, given how it is seen and made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from novasim.api.collections import is_full, listed, next_page
from novasim.api.context import Context
from novasim.api.network.attributes import assign, project_of
from novasim.api.network.filters import FILTERS, passes
from novasim.api.network.quotas import check_quota
from novasim.api.network.tables import TABLES
from novasim.api.policy.roles import require_member
from novasim.api.request import Response
from novasim.errors import Forbidden, NotFound
from novasim.records import Record

R = TypeVar("R", bound=Record)


class Resource(Generic[R]):
    """
    The requests of a resource.

    Args:
        kind: Its record. name: the key of its bodies, such as network; it names the resource's attributes, too.
        view: How a record is shown.
        make: A new record from the body's attributes; it refuses what does not fit.
        change: Applies those attributes to a record that the resource itself keeps.
        remove: Removes a record, or refuses.
        shared: Whether everybody may see a record of another project.
    """

    def __init__(
        self,
        kind: type[R],
        name: str,
        view: Callable[[Context, R], dict[str, Any]],
        make: Callable[[Context, dict[str, Any]], R],
        change: Callable[[Context, R, dict[str, Any]], None],
        remove: Callable[[Context, R], None],
        shared: Callable[[R], bool] = lambda record: False,
    ) -> None:
        self.kind, self.name = kind, name
        self.plural, self.table = TABLES[name]
        self.view, self.make, self.change, self.remove, self.shared = view, make, change, remove, shared

    def index(self, ctx: Context) -> dict[str, Any]:
        """All that the caller may see and the query asks for."""
        visible = [record for record in ctx.world.tx.query(self.kind) if self.visible(ctx, record)]
        views = [view for record in visible if passes(ctx, view := self.view(ctx, record), self.table)]
        page = listed(ctx, views, FILTERS)
        answer: dict[str, Any] = {self.plural: page}
        if is_full(ctx, page):
            base = f"{ctx.request.endpoint}/network{ctx.request.path}"
            answer[f"{self.plural}_links"] = [{"rel": "next", "href": f"{base}?{next_page(ctx, page[-1]['id'])}"}]
        return answer

    def show(self, ctx: Context, id: str) -> dict[str, Any]:
        """One."""
        return {self.name: self.view(ctx, self.get(ctx, id))}

    def create(self, ctx: Context) -> Response:
        """One new one, or several at once."""
        require_member(ctx, f"(rule:create_{self.name}) is disallowed by policy")
        if self.plural in ctx.body:
            made = [self._create_one(ctx, asked) for asked in ctx.body[self.plural]]
            return Response(201, {self.plural: made})
        return Response(201, {self.name: self._create_one(ctx, ctx.body[self.name])})

    def _create_one(self, ctx: Context, asked: dict[str, Any]) -> dict[str, Any]:
        check_quota(ctx.world, project_of(ctx, asked), self.name)
        record = self.make(ctx, asked)
        ctx.world.tx.put(record)
        return self.view(ctx, record)

    def update(self, ctx: Context, id: str) -> dict[str, Any]:
        """Change one of the caller's own."""
        record: Any = self.own(ctx, id)
        asked = ctx.body[self.name]
        assign(ctx, self.table, record, asked, self.name)
        self.change(ctx, record, asked)
        self._renew(ctx, record)
        return {self.name: self.view(ctx, record)}

    def delete(self, ctx: Context, id: str) -> Response:
        """Remove one of the caller's own."""
        self.remove(ctx, self.own(ctx, id, "delete"))
        return Response(204)

    def tags(self, ctx: Context, id: str) -> dict[str, Any]:
        """The tags of one."""
        record: Any = self.get(ctx, id)
        return {"tags": record.tags}

    def set_tags(self, ctx: Context, id: str) -> dict[str, Any]:
        """Replace the tags of one."""
        return {"tags": self._tag(ctx, id, ctx.body["tags"])}

    def clear_tags(self, ctx: Context, id: str) -> Response:
        """Remove all tags of one."""
        self._tag(ctx, id, [])
        return Response(204)

    def has_tag(self, ctx: Context, id: str, tag: str) -> Response:
        """Whether one has a tag."""
        self._need_tag(self.get(ctx, id), tag)
        return Response(204)

    def add_tag(self, ctx: Context, id: str, tag: str) -> Response:
        """Add a tag to one."""
        record: Any = self.own(ctx, id)
        self._tag(ctx, id, [*record.tags, tag])
        return Response(201)

    def remove_tag(self, ctx: Context, id: str, tag: str) -> Response:
        """Remove a tag of one."""
        record: Any = self.own(ctx, id)
        self._need_tag(record, tag)
        self._tag(ctx, id, [other for other in record.tags if other != tag])
        return Response(204)

    def _need_tag(self, record: Any, tag: str) -> None:
        if tag not in record.tags:
            raise NotFound(reason=f"Tag {tag} could not be found.", type="TagNotFound")

    def _tag(self, ctx: Context, id: str, tags: list[str]) -> list[str]:
        record: Any = self.own(ctx, id)
        record.tags = list(dict.fromkeys(tags))
        self._renew(ctx, record)
        kept: list[str] = record.tags
        return kept

    def _renew(self, ctx: Context, record: Any) -> None:
        record.revision += 1
        record.updated_at = ctx.world.time
        ctx.world.tx.put(record)

    def get(self, ctx: Context, id: str) -> R:
        """A record that the caller may see (404 otherwise)."""
        record = ctx.world.tx.get(self.kind, id)
        if record is None or not self.visible(ctx, record):
            name = self.kind.__name__
            raise NotFound(reason=f"{name} {id} could not be found.", type=f"{name}NotFound")
        return record

    def own(self, ctx: Context, id: str, verb: str = "update") -> R:
        """A record that the caller may change: of the own project, or any for an administrator."""
        record: Any = self.get(ctx, id)
        require_member(ctx, f"(rule:{verb}_{self.name}) is disallowed by policy")
        if not ctx.caller.is_admin and record.project_id != ctx.caller.project_id:
            raise Forbidden(reason=f"(rule:{verb}_{self.name}) is disallowed by policy")
        found: R = record
        return found

    def visible(self, ctx: Context, record: R) -> bool:
        """Whether the caller may see a record."""
        own: bool = record.project_id == ctx.caller.project_id  # type: ignore[attr-defined]
        return own or ctx.caller.is_admin or self.shared(record)
