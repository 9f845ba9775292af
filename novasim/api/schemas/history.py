"""Queries of instance actions, migrations and usage."""

from __future__ import annotations

from novasim.api.schemas.types import (
    NOT_NEGATIVE,
    TEXT,
    TIME,
    multi_params,
    page_params,
    single_params,
)
from novasim.api.schemas.versioned import query_schema

QUERIES = {
    "instance_actions.list": query_schema(
        *single_params(NOT_NEGATIVE, "limit", since=58),
        *single_params(TEXT, "marker", since=58),
        *single_params(TIME, "changes-since", since=58),
        *single_params(TIME, "changes-before", since=66),
        strict_since=58,
    ),
    "instance_actions.show": query_schema(strict_since=102),
    "migrations.list": query_schema(
        *multi_params(TEXT, "hidden", "host", "instance_uuid", "source_compute", "status", "migration_type"),
        *single_params(NOT_NEGATIVE, "limit", since=59),
        *single_params(TEXT, "marker", since=59),
        *single_params(TIME, "changes-since", since=59),
        *single_params(TIME, "changes-before", since=66),
        *single_params(TEXT, "user_id", "project_id", since=80),
        strict_since=59,
    ),
    "usage.list": query_schema(
        *multi_params(TEXT, "start", "end", "detailed"), *page_params(since=40), strict_since=75
    ),
    "usage.show": query_schema(*multi_params(TEXT, "start", "end"), *page_params(since=40), strict_since=75),
    "instance_usage_audit_log.list": query_schema(strict_since=102),
    "instance_usage_audit_log.show": query_schema(strict_since=102),
}
