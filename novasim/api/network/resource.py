"""One network resource: its list, show, create, update, delete, given how it is seen and made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from novasim.api.collections import is_full, listed
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, Forbidden, NotFound
from novasim.records import Record

R = TypeVar("R", bound=Record)


class Resource(Generic[R]):
    """
    The five requests of a resource.

    Args:
        kind: Its record. name, plural: the keys of its bodies, such as network and networks.
        view: How a record is shown.
        make: A new record from the body's attributes; it refuses what does not fit.
        change: Applies the body's attributes to a record.
        remove: Removes a record, or refuses.
        shared: Whether everybody may see a record of another project.
    """

    def __init__(
        self, kind: type[R], name: str, plural: str, view: Callable[[Context, R], dict[str, Any]],
        make: Callable[[Context, dict[str, Any]], R], change: Callable[[Context, R, dict[str, Any]], None],
        remove: Callable[[Context, R], None], shared: Callable[[R], bool] = lambda record: False,
    ) -> None:  # fmt: skip
        self.kind, self.name, self.plural = kind, name, plural
        self.view, self.make, self.change, self.remove, self.shared = view, make, change, remove, shared

    def index(self, ctx: Context) -> dict[str, Any]:
        """All that the caller may see and the query asks for."""
        visible = [record for record in ctx.world.tx.all(self.kind) if self._visible(ctx, record)]
        views = listed(ctx, [self.view(ctx, record) for record in visible])
        answer: dict[str, Any] = {self.plural: views}
        if is_full(ctx, views):
            base = f"{ctx.request.endpoint}/network{ctx.request.path}"
            href = f"{base}?limit={ctx.query('limit')}&marker={views[-1]['id']}"
            answer[f"{self.plural}_links"] = [{"rel": "next", "href": href}]
        return answer

    def show(self, ctx: Context, id: str) -> dict[str, Any]:
        """One."""
        return {self.name: self.view(ctx, self.get(ctx, id))}

    def create(self, ctx: Context) -> Response:
        """One new one."""
        record = self.make(ctx, self._attributes(ctx))
        ctx.world.tx.put(record)
        return Response(201, {self.name: self.view(ctx, record)})

    def update(self, ctx: Context, id: str) -> dict[str, Any]:
        """Change one of the caller's own."""
        record = self.own(ctx, id)
        self.change(ctx, record, self._attributes(ctx))
        record.updated_at = ctx.world.time  # type: ignore[attr-defined]
        ctx.world.tx.put(record)
        return {self.name: self.view(ctx, record)}

    def delete(self, ctx: Context, id: str) -> Response:
        """Remove one of the caller's own."""
        self.remove(ctx, self.own(ctx, id))
        return Response(204)

    def set_tags(self, ctx: Context, id: str) -> dict[str, Any]:
        """Replace the tags of one."""
        record = self.own(ctx, id)
        tags = ctx.body.get("tags") if isinstance(ctx.body, dict) else None
        if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
            raise BadRequest(reason="Invalid input for tags: a list of words is needed.")
        record.tags = list(dict.fromkeys(tags))  # type: ignore[attr-defined]
        ctx.world.tx.put(record)
        return {"tags": record.tags}  # type: ignore[attr-defined]

    def get(self, ctx: Context, id: str) -> R:
        """A record that the caller may see (404 otherwise)."""
        record = ctx.world.tx.get(self.kind, id)
        if record is None or not self._visible(ctx, record):
            raise NotFound(reason=f"{self.kind.__name__} {id} could not be found.")
        return record

    def own(self, ctx: Context, id: str) -> R:
        """A record that the caller may change: of the own project, or any for an administrator."""
        record = self.get(ctx, id)
        if not ctx.caller.is_admin and record.project_id != ctx.caller.project_id:  # type: ignore[attr-defined]
            raise Forbidden(reason=f"rule:update_{self.name} is disallowed by policy")
        return record

    def _visible(self, ctx: Context, record: R) -> bool:
        own: bool = record.project_id == ctx.caller.project_id  # type: ignore[attr-defined]
        return own or ctx.caller.is_admin or self.shared(record)

    def _attributes(self, ctx: Context) -> dict[str, Any]:
        if not isinstance(ctx.body, dict) or not isinstance(ctx.body.get(self.name), dict):
            raise BadRequest(reason=f"Invalid input for operation: '{self.name}' not in request body.")
        return dict(ctx.body[self.name])


def project_of(ctx: Context, asked: dict[str, Any]) -> str:
    """The project that a new thing belongs to; only administrators may name another than their own."""
    project = asked.get("project_id") or asked.get("tenant_id") or ctx.caller.project_id
    if project != ctx.caller.project_id and not ctx.caller.is_admin:
        raise Forbidden(reason="Only administrators may act for another project.")
    return str(project)


def assign(record: Record, asked: dict[str, Any], fields: tuple[str, ...]) -> None:
    """
    Set those of *fields* that the request names.

    Raises:
        BadRequest: the request names something else (400).
    """
    for name, value in asked.items():
        if name not in fields:
            raise BadRequest(reason=f"Invalid input for operation: attribute '{name}' cannot be set here.")
        setattr(record, name, value)


def common(record: Any) -> dict[str, Any]:
    """The keys that all network resources show."""
    return {
        "id": record.id,
        "name": getattr(record, "name", ""),
        "tenant_id": record.project_id,
        "project_id": record.project_id,
        "description": getattr(record, "description", ""),
        "tags": getattr(record, "tags", []),
        "revision_number": 1,
        "created_at": record.created_at[:19] + "Z",
        "updated_at": record.updated_at[:19] + "Z",
    }
