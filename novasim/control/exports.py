"""Exported clouds: copies without secrets, and the secrets that such a copy needs when it is imported."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from novasim.errors import CloudFileError
from novasim.records import ConsoleToken, Credential, Record, Settings, User, VolumeTransfer
from novasim.store.documents import Tables
from novasim.store.memory import MemoryStore


def remove_secrets(data: bytes) -> bytes:
    """
    A cloud file without the key that signs tokens, hashes of passwords and secrets, credentials, and tokens.

    Raises:
        CloudFileError: the file is damaged.
    """
    store = MemoryStore(data)
    with store.write() as tx:
        settings = _get_settings(tx.get(Settings, "cloud"))
        settings.token_key, settings.revoked = "", {}
        tx.put(settings)
        for user in tx.query(User):
            user.password_hash = ""
            user.credentials = [{**credential, "hash": ""} for credential in user.credentials]
            tx.put(user)
        for transfer in tx.query(VolumeTransfer):
            transfer.auth_key_hash = ""
            tx.put(transfer)
        for secret in [*tx.query(ConsoleToken), *tx.query(Credential)]:
            tx.delete(secret)
    return store.dump()


def hide_secrets(tables: Tables) -> Tables:
    """Documents by table and number without what `remove_secrets` removes. Only documents with secrets are copied."""
    shown = dict(tables)
    settings = {number: {**each, "token_key": "", "revoked": {}} for number, each in _rows(tables, Settings)}
    users = {number: {**each, **_without_hashes(each)} for number, each in _rows(tables, User)}
    transfers = {number: {**each, "auth_key_hash": ""} for number, each in _rows(tables, VolumeTransfer)}
    hidden = {Settings.table: settings, User.table: users, ConsoleToken.table: {}, Credential.table: {}}
    return shown | hidden | ({VolumeTransfer.table: transfers} if transfers else {})


def _rows(tables: Tables, kind: type[Record]) -> Iterable[tuple[str, dict[str, Any]]]:
    return tables.get(kind.table, {}).items()


def _without_hashes(user: dict[str, Any]) -> dict[str, Any]:
    credentials = [{**credential, "hash": ""} for credential in user.get("credentials", ())]
    return {"password_hash": "", "credentials": credentials}


def add_secrets(data: bytes) -> tuple[bytes, list[str]]:
    """
    Give an exported cloud a new key, if it has none, and the default users of a new cloud their default password.

    Returns:
        The content of the cloud file, and the names of the enabled users who still have no password.

    Raises:
        CloudFileError: the file is damaged.
    """
    from novasim.simulation.default_world import DEFAULT_USERS, PASSWORD
    from novasim.simulation.keys.passwords import hash_password
    from novasim.simulation.seeded import generate_secret_key

    store = MemoryStore(data)
    with store.write() as tx:
        settings = _get_settings(tx.get(Settings, "cloud"))
        if settings.token_key:
            return data, []
        settings.token_key = generate_secret_key()
        tx.put(settings)
        without = [user for user in tx.query(User) if not user.password_hash]
        for user in without:
            if user.name in DEFAULT_USERS and user.domain_id == "default":
                user.password_hash = hash_password(PASSWORD, settings.token_key, user.id)
                tx.put(user)
    return store.dump(), [user.name for user in without if user.enabled and not user.password_hash]


def _get_settings(settings: Settings | None) -> Settings:
    if settings is None:
        raise CloudFileError("This is not a novasim cloud, as it has no settings.")
    return settings
