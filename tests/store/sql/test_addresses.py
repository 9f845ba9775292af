"""Addresses of clouds: paths, and clouds in databases."""

from __future__ import annotations

import os

import pytest

from novasim.errors import CloudFileError
from novasim.store.addresses import Address, parse_address
from tests import each_case


@pytest.mark.parametrize("path", ["cloud.json", "/tmp/a b.json", "C:\\clouds\\lab.json", "a:b.json", "lab:2.json", ""])
def test_a_path_is_that_of_a_cloud_file(path):
    assert parse_address(path) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("sqlite:/srv/lab.db", Address("sqlite", "/srv/lab.db")),
        ("sqlite:/srv/lab.db?cloud=ann-2", Address("sqlite", "/srv/lab.db", "ann-2")),
        ("postgresql://ann@db.example.com/lab", Address("postgresql", "postgresql://ann@db.example.com/lab")),
        ("postgresql://h/lab?cloud=ann", Address("postgresql", "postgresql://h/lab", "ann")),
        (
            "postgresql://h/lab?sslmode=require&cloud=ann",
            Address("postgresql", "postgresql://h/lab?sslmode=require", "ann"),
        ),
    ],
)
def test_an_address_names_a_database_and_a_cloud_in_it(text, address):
    assert parse_address(text) == address
    assert str(address) == text
    assert parse_address(str(address)) == address


def test_a_relative_path_in_an_address_is_one_of_the_present_folder():
    assert parse_address("sqlite:lab.db") == Address("sqlite", os.path.join(os.getcwd(), "lab.db"))


@each_case(
    ("text", "hint"),
    [
        ("sqlite:", "write sqlite:PATH, as in sqlite:lab.db or sqlite:/srv/lab.db"),
        ("sqlite:///srv/lab.db", "write sqlite:PATH, as in sqlite:lab.db or sqlite:/srv/lab.db"),
        ("sqlite3:lab.db", "write sqlite:PATH"),
        ("sqlite:lab.db?mode=ro", "what may follow the path is ?cloud=NAME"),
        ("sqlite:lab.db?cloud=../ann", "the name of a cloud has up to 40 lower-case letters, digits and hyphens"),
        ("sqlite:lab.db?cloud=identity", "no cloud has the name identity, which is that of a service or a page"),
        ("postgresql://h/lab?cloud=", "the name of a cloud has up to 40 lower-case letters, digits and hyphens"),
        ("postgresql:", "write postgresql://USER@HOST/DATABASE"),
        ("postgresql://", "write postgresql://USER@HOST/DATABASE"),
        ("postgres:/x", "write postgresql://USER@HOST/DATABASE"),
        ("SQLITE:lab.db", "write sqlite:PATH"),
        ("http:/h/ann", "write http://HOST:PORT or http://HOST:PORT/NAME"),
        ("http:h", "write http://HOST:PORT or http://HOST:PORT/NAME"),
        ("HTTPS://h/ann", "write http://HOST:PORT or http://HOST:PORT/NAME"),
        ("http://h/ann", "an address is a path, sqlite:PATH or postgresql://USER@HOST/DATABASE"),
        ("mysql://h/lab", "an address is a path, sqlite:PATH or postgresql://USER@HOST/DATABASE"),
    ],
)
def test_a_mistyped_address_is_named_in_one_line(text, hint):
    with pytest.raises(CloudFileError) as caught:
        parse_address(text)
    assert str(caught.value) == f"{text} is not the address of a cloud: {hint}."
    assert caught.value.exit_code == 9


def test_a_mistyped_scheme_hides_the_password():
    for scheme in ("postgres", "pg", "PostgreSQL", "mysql", "HTTP"):
        with pytest.raises(CloudFileError) as caught:
            parse_address(f"{scheme}://ann:s3cr@t@h/lab")
        assert str(caught.value).startswith(f"{scheme}://ann@h/lab is not the address")


@each_case("password", ["a@s3cret", "a%s3cret", "a s3cret", "a%00s3cret", "a@[s3cret", "a@[s3cret]"])
def test_messages_about_a_mistyped_password_do_not_repeat_it(password):
    psycopg = pytest.importorskip("psycopg")
    from novasim.store.sql.postgresql_errors import translate

    try:
        host = psycopg.conninfo.conninfo_to_dict(f"postgresql://ann:{password}@h/lab")["host"]
        error = psycopg.OperationalError(f"failed to resolve host {host!r}: unknown")
    except psycopg.ProgrammingError as refusal:
        error = refusal
    assert "s3cret" in str(error)
    message = str(translate(error, "postgresql://ann@h/lab", 1))
    assert "s3cret" not in message and message.startswith("Cloud postgresql://ann@h/lab cannot be ")
