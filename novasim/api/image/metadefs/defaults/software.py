"""Namespaces of the software in images, volumes and servers."""

from __future__ import annotations

from novasim.api.image.metadefs.defaults.definitions import (
    GUEST_DATA,
    SERVER,
    Definition,
    View,
    choice,
    group,
    number,
    target,
    text,
)


def _database(title: str, name: str, port: int) -> View:
    prefix = f"sw_database_{name}"
    return group(
        title,
        f"A server of {title}.",
        text(f"{prefix}_version", "Version", f"Version of {title}."),
        number(f"{prefix}_listen_port", "Port", "TCP port for clients.", 1, maximum=65535, default=str(port)),
        text(f"{prefix}_admin", "Administrator", "User who administers the database."),
    )


def _web_server(title: str, name: str) -> View:
    prefix = f"sw_webserver_{name}"
    return group(
        title,
        f"A server of {title}.",
        text(f"{prefix}_version", "Version", f"Version of {title}."),
        number(f"{prefix}_http_port", "HTTP port", "TCP port for HTTP.", 1, maximum=65535, default="80"),
        number(f"{prefix}_https_port", "HTTPS port", "TCP port for HTTPS.", 1, maximum=65535, default="443"),
    )


def _runtime(title: str, name: str) -> View:
    return group(title, f"A runtime of {title}.", text(f"sw_runtime_{name}_version", "Version", f"Version of {title}."))


NAMESPACES = (
    Definition(
        "OS::Software::DBMS",
        "Database Software",
        "Database servers that are installed.",
        GUEST_DATA,
        objects=(
            _database("MySQL", "mysql", 3306),
            _database("PostgreSQL", "postgresql", 5432),
            _database("MongoDB", "mongodb", 27017),
            _database("Redis", "redis", 6379),
        ),
    ),
    Definition(
        "OS::Software::WebServers",
        "Web Servers",
        "Web servers that are installed.",
        GUEST_DATA,
        objects=(_web_server("Apache HTTP Server", "apache"), _web_server("Nginx", "nginx")),
    ),
    Definition(
        "OS::Software::Runtimes",
        "Runtime Environment",
        "Runtime environments of programming languages that are installed.",
        GUEST_DATA,
        objects=(
            _runtime("Java", "java"),
            _runtime("Perl", "perl"),
            _runtime("PHP", "php"),
            _runtime("Python", "python"),
            _runtime("Ruby", "ruby"),
        ),
    ),
    Definition(
        "OS::Nova::ServerMetadata",
        "Server Metadata",
        "Metadata that people and scripts often attach to servers.",
        (target(SERVER, properties_target="metadata"),),
        (
            choice("environment", "Environment", "Stage of the service.", "development", "test", "production"),
            text("role", "Role", "Task of the server, such as web or database."),
            text("contact", "Contact", "E-mail address of the person in charge."),
        ),
    ),
)
