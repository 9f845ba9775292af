"""What only clouds in PostgreSQL have: connections, rights, and schemas of others."""

from __future__ import annotations

import shlex
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import CliRunner

from novasim.cli.main import cli
from novasim.cloud import Cloud
from novasim.control.worlds import create_default_world
from novasim.errors import CloudFileError
from novasim.records import Image
from novasim.serve.remote.kept import execute_operation
from novasim.store import open_store
from novasim.store.addresses import Address, parse_address
from novasim.store.clouds import open_clouds
from novasim.store.sql.opening import open_database
from tests.postgresql.cluster import Cluster, find_obstacle
from tests.store.worlds import settings

pytestmark = pytest.mark.skipif(bool(find_obstacle()), reason=find_obstacle())

PASSWORD = "s3cret-w0rd"


@pytest.fixture(scope="module")
def other_database(postgresql, postgresql_database):
    name = f"{postgresql_database}_other"
    postgresql.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    postgresql.execute(f"CREATE DATABASE {name}")
    for role in ("secured", "stranger"):
        create = f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'"
        exists = "duplicate_object OR unique_violation"  # another worker may create it now
        postgresql.execute(f"DO $$ BEGIN {create}; EXCEPTION WHEN {exists} THEN NULL; END $$")
    return name


@pytest.fixture
def other(postgresql, other_database):
    """The name of a database without our schema."""
    postgresql.execute("DROP SCHEMA IF EXISTS novasim CASCADE", other_database)
    return other_database


def refusal_of(url: str) -> str:
    """The message of the refusal to write, which is the same for reading unless the database is empty."""
    with pytest.raises(CloudFileError) as refused, open_store(url).write() as tx:
        tx.put(settings())
    assert refused.value.exit_code == 9
    text = str(refused.value)
    assert PASSWORD not in text and "wr0ng" not in text and "\n" not in text
    return text


def test_address_is_shown_without_passwords():
    for url in (
        f"postgresql://ann:{PASSWORD}@db.example.com:5432/lab?cloud=ann",
        f"postgresql://ann@db.example.com:5432/lab?password={PASSWORD}&cloud=ann",
        f"postgresql://ann:{PASSWORD}/?@@db.example.com:5432/lab?sslpassword={PASSWORD}&cloud=ann",
    ):
        address = parse_address(url)
        assert address is not None
        assert str(address) == "postgresql://ann@db.example.com:5432/lab?cloud=ann"
        assert PASSWORD in address.location
    assert str(Address("postgresql", "postgresql://[::1]:5432/lab?sslmode=require", "ann")).endswith(
        "=require&cloud=ann"
    )


def test_unusable_servers_and_databases(postgresql, other, monkeypatch):
    missing = postgresql.url("missing")
    assert 'database "missing" does not exist' in refusal_of(missing) and "createdb" in refusal_of(missing)
    assert "cannot be reached" in refusal_of("postgresql://novasim@%2Fnonexistent/lab")
    assert "cannot be reached" in refusal_of("postgresql://novasim@127.0.0.1:1/lab")
    assert "password authentication failed" in refusal_of(postgresql.url(other, "secured", password="wr0ng"))
    assert "password" in refusal_of(postgresql.url(other, "secured"))
    assert 'role "nobody-else" does not exist' in refusal_of(postgresql.url(other, "nobody-else"))
    assert "permission denied for database" in refusal_of(postgresql.url(other, "stranger", password=PASSWORD))
    with open_store(postgresql.url(other, "secured", password=PASSWORD)).read() as tx:
        assert tx.query(Image) == []


def test_schemas_of_others(postgresql, other):
    url = postgresql.url(other)
    postgresql.execute("CREATE SCHEMA novasim", other)
    assert "a schema 'novasim' that novasim did not create" in refusal_of(url)
    postgresql.execute("DROP SCHEMA novasim", other)
    with open_store(url).write() as tx:
        tx.put(settings())
    assert "stranger has no rights to the schema novasim" in refusal_of(postgresql.url(other, "stranger"))
    postgresql.execute("COMMENT ON SCHEMA novasim IS 'clouds of novasim, format 99'", other)
    assert "has format 99, and this novasim knows formats up to" in refusal_of(url)


def test_database_with_another_encoding(postgresql, other):
    name = f"{other}_latin1"
    postgresql.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    postgresql.execute(f"CREATE DATABASE {name} ENCODING 'LATIN1' TEMPLATE template0")
    assert "encoding LATIN1" in refusal_of(postgresql.url(name))


def test_many_threads_create_one_cloud_in_an_empty_database(postgresql, other):
    url = postgresql.url(other, cloud="ann")
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda seed: create_default_world(open_store(url), seed), range(8)))
    assert len(postgresql.execute("SELECT revision FROM novasim.clouds", other)) == 1
    assert postgresql.execute("SELECT count(*) FROM novasim.documents WHERE table_name = 'settings'", other) == [(1,)]


def test_reader_waits_for_no_writer_and_writers_of_other_clouds_neither(postgresql_url):
    store, other = open_store(postgresql_url), open_store(postgresql_url + "-other")
    with store.write() as tx:
        tx.put(settings())
    with store.write() as tx:
        tx.put(Image(id="new", name="new", created_at="", updated_at=""))
        with ThreadPoolExecutor(1) as threads:
            threads.submit(lambda: other.write().__enter__().put(settings())).result()
        with open_store(postgresql_url).read() as reader:
            assert reader.query(Image) == []
    with store.read() as reader:
        assert [image.id for image in reader.query(Image)] == ["new"]


def test_writer_gives_up_when_another_holds_the_lock(postgresql_url):
    address = parse_address(postgresql_url)
    assert address is not None
    patient, hasty = open_database(address), open_database(address, timeout=0.1)
    for is_new in (True, False):
        with patient.write() as tx:
            with pytest.raises(CloudFileError, match="is locked"), hasty.write():
                pass
            if is_new:
                tx.put(settings())
    with hasty.write() as tx:
        assert tx.query(Image) == []


def test_any_text_is_kept_and_found(postgresql_url):
    texts = ["a\0b", "\ud800", "\x01", "é", "\U0001f600", "'; DROP TABLE documents; --", "%s $1 ?"]
    store = open_store(postgresql_url)
    with store.write() as tx:
        tx.put(settings())
        for number, text in enumerate(texts):
            tx.put(Image(id=str(number), name=text, created_at="", updated_at=""))
    with store.read() as tx:
        for text in texts:
            assert [image.name for image in tx.query(Image, {"name": text})] == [text]


def test_change_is_announced_to_other_processes_also_after_the_connection_was_cut(
    postgresql, postgresql_database, postgresql_url
):
    store, other = open_store(postgresql_url), open_store(postgresql_url)
    calls = threading.Semaphore(0)
    unwatch = store.watch(calls.release)
    try:
        assert calls.acquire(timeout=30)  # it listens
        for number in range(3):
            with other.write() as tx:
                tx.put(settings(requests=number))
            assert calls.acquire(timeout=30)
        record = other.record
        assert record is not None
        with other.write(lambda: record.append([b"{}"])):  # of refusals alone
            pass
        assert calls.acquire(timeout=30)
        record.append([b"{}"])
        assert calls.acquire(timeout=30)
        with open_store(postgresql_url + "-other").write() as tx:
            tx.put(settings())
        assert not calls.acquire(timeout=0.05)
        listening = "query = 'LISTEN novasim' AND datname = current_database()"
        assert (True,) in postgresql.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {listening}", postgresql_database
        )
        assert calls.acquire(timeout=30)  # it listens again, and something may have changed meanwhile
        with other.write() as tx:
            tx.put(settings(requests=9))
        assert calls.acquire(timeout=30)
    finally:
        unwatch()
    with other.write() as tx:
        tx.put(settings(requests=10))
    assert not calls.acquire(timeout=0.05)


def test_server_that_starts_again_is_used_again():
    cluster = Cluster.create()
    try:
        store = open_store(cluster.url())
        with store.write() as tx:
            tx.put(settings())
        cluster.stop()
        for use in (store.revision, store.exists, store.tables, lambda: store.write().__enter__()):
            with pytest.raises(CloudFileError, match=r"cannot be reached"):
                use()
        cluster.start()
        assert store.exists()
        with pytest.raises(CloudFileError, match=r"cannot be reached"), store.write() as tx:
            tx.put(settings(speed=2.0))
            cluster.stop()
        cluster.start()
        assert [each.get("speed", 1.0) for each in store.tables()["settings"].values()] == [1.0]
    finally:
        cluster.remove()


def test_password_of_the_address_appears_in_no_output(postgresql, other, tmp_path, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "instant")
    postgresql.execute(f"GRANT CREATE ON DATABASE {other} TO secured")
    url = postgresql.url(other, "secured", cloud="ann", password=PASSWORD)
    output = []
    for cloud in (url, url.replace("=ann", "=bob"), postgresql.url("missing", "secured", password=PASSWORD)):
        for line in LINES.strip().splitlines():
            for named in ({"NOVASIM_CLOUD": cloud}, {}):
                words = shlex.split(line) if named else ["--cloud", cloud, *shlex.split(line)]
                done = CliRunner(env=named).invoke(cli, words)
                assert done.exit_code != 1, done.output
                output.append(f"{line}: {done.output}")
    assert [text for text in output if PASSWORD in text] == []
    copied = CliRunner().invoke(cli, ["cloud", "copy", str(tmp_path / "a.json"), url])
    assert PASSWORD not in copied.output
    entries = postgresql.execute("SELECT body FROM novasim.record_entries", other)
    assert entries, output
    assert PASSWORD not in str(entries)


def test_states_of_a_served_cloud_whose_address_has_a_password(postgresql, other):
    postgresql.execute(f"GRANT CREATE ON DATABASE {other} TO secured")
    url = postgresql.url(other, "secured", password=PASSWORD)
    served = [open_store(f"{url}?cloud=ann"), open_clouds(url).open("bob")]
    for store in served:
        create_default_world(store, seed=1)
        cloud, fields = Cloud(store), {"name": "one", "force": False}
        execute_operation(cloud, {"operation": "save", **fields})
        assert [each["name"] for each in execute_operation(cloud, {"operation": "list"})["result"]] == ["one"]
        assert PASSWORD not in store.path


LINES = """
    list
    create web1 --flavor m1.tiny --image cirros
    cloud init
    record start
    --show-request stop web1
    stop web1
    resume web1
    show nothing
    pluan
    cloud path
    cloud check
    cloud saves
    cloud save a
    cloud reset --yes
    cloud restore
    cloud fork ann
    undo
    log -f json
    history web1
    plan web1 SHELVED
    why web1 resume
    report -o -
    cloud export /nonexistent/a
    serve --host nowhere.invalid
    serve --port 1 --print-env
"""
