"""Addresses of clouds: paths, and clouds in databases."""

from __future__ import annotations

import os

import pytest

from novasim.errors import CloudFileError
from novasim.store.addresses import Address, hide_passwords, parse_address
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


MISTYPED = [
    *("pg:ann:{}@h", "ann:{}@h/lab", "pg:{}@h", "postgres//ann:{}@h", "postgresql:/ann:{}@h", "postgresql:ann:{}@h"),
    *("//ann:{}@h/lab", "/postgresql://ann:{}@h", " postgresql://ann:{}@h", '"postgresql://ann:{}@h"', "a b://c:{}@h"),
    *("postgresql;//ann:{}@h", "postgresql\\:ann:{}@h", "postgresql+psycopg://ann:{}@h", "URL=postgresql://ann:{}@h"),
    *("jdbc:postgresql://h/lab?user=ann&password={}", "host=h password={} dbname=lab", "host=h password = '{}'"),
    *("http:/ann:{}@h", "http//ann:{}@h", "HTTP://ann:{}@h/x", "sqlite:ann:{}@h", "sqlite://ann:{}@h", "ann:\n{}@h"),
]
READ = ["postgresql://ann:{}", "postgresql://ann:{}/lab", "postgresql:///ann:{}@h", "postgresql://ann:{}@h:1/lab?x=y"]
"""Mistyped addresses that are read as those of databases."""


@each_case("form", MISTYPED)
def test_an_address_that_is_mistyped_in_any_way_hides_the_password(form):
    for password in ("s3cret", "s3c:ret", "s3c@ret", "s3c/ret", "s3%23ret"):
        if "=" in form or "@" not in password:
            text = form.format(password)
            with pytest.raises(CloudFileError) as caught:
                parse_address(text)
            assert " is not the address of a cloud: " in str(caught.value)
            assert "s3" not in str(caught.value) and "ret" not in str(caught.value)
            assert "s3" not in hide_passwords(text)


@each_case("form", READ)
def test_an_address_without_a_host_or_a_port_hides_what_may_be_a_password(form):
    for password in ("s3cret", "1234567"):
        assert password not in str(parse_address(form.format(password)))


def test_paths_and_addresses_without_a_password_are_shown_as_they_are(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a:b@c.json").touch()
    for path in ("/a/b:c@d.json", "./a:b@c", "~/a:b@c", "C:\\x:y@z", "labs/ann@x.json", "lab@2:x.json", "a:b@c.json"):
        assert parse_address(path) is None
        assert hide_passwords(path) == path or path == "a:b@c.json"
    for text in ("postgresql://h:5432/db", "postgresql://[::1]:5432/db", "postgresql://h:1,i:2/db", "sqlite:/a:b@c.db"):
        assert str(parse_address(text)) == text


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
