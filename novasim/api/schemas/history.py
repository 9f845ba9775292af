"""What happened and what it took: instance actions, migrations, usage."""

from __future__ import annotations

from novasim.api.schemas.form import query
from novasim.api.schemas.types import NOT_NEGATIVE, TEXT, TIME, page, repeatable, single

QUERIES = {
    "instance_actions.list": query(
        *single(NOT_NEGATIVE, "limit", since=58),
        *single(TEXT, "marker", since=58),
        *single(TIME, "changes-since", since=58),
        *single(TIME, "changes-before", since=66),
        strict=58,
    ),
    "instance_actions.show": query(strict=102),
    "migrations.list": query(
        *repeatable(TEXT, "hidden", "host", "instance_uuid", "source_compute", "status", "migration_type"),
        *single(NOT_NEGATIVE, "limit", since=59),
        *single(TEXT, "marker", since=59),
        *single(TIME, "changes-since", since=59),
        *single(TIME, "changes-before", since=66),
        *single(TEXT, "user_id", "project_id", since=80),
        strict=59,
    ),
    "usage.list": query(*repeatable(TEXT, "start", "end", "detailed"), *page(since=40), strict=75),
    "usage.show": query(*repeatable(TEXT, "start", "end"), *page(since=40), strict=75),
    "instance_usage_audit_log.list": query(strict=102),
    "instance_usage_audit_log.show": query(strict=102),
}
