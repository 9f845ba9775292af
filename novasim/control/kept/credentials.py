"""The key of a cloud, and credentials that stay when a client puts another state in place of a cloud."""

from __future__ import annotations

from novasim.control.exports import add_secrets
from novasim.records import Settings, User
from novasim.store.base import Store
from novasim.store.documents import Tables
from novasim.store.memory import MemoryStore


def find_token_key(store: Store) -> str:
    """The key with which a cloud signs tokens, which no other cloud has but a copy; "" without a cloud."""
    with store.read() as tx:
        settings = tx.get(Settings, "cloud")
    return settings.token_key if settings else ""


def keep_credentials(content: bytes, old: Tables) -> tuple[bytes, list[str]]:
    """
    The content of a cloud file with the key and the passwords of another state, so that its owner can sign in again.

    Returns:
        The content, and the names of the enabled users who have no password.

    Raises:
        CloudFileError: the content is damaged.
    """
    content, _ = add_secrets(content)
    store, before = MemoryStore(content), MemoryStore(tables=old)
    with store.write() as tx, before.read() as earlier:
        settings, known = tx.get(Settings, "cloud"), earlier.get(Settings, "cloud")
        assert settings is not None
        if known and known.token_key:
            settings.token_key, settings.revoked = known.token_key, known.revoked
            tx.put(settings)
        hashes = {(user.name, user.domain_id): user.password_hash for user in earlier.query(User)}
        users = tx.query(User)
        for user in users:
            if password_hash := hashes.get((user.name, user.domain_id)):
                user.password_hash = password_hash
                tx.put(user)
    return store.dump(), [user.name for user in users if user.enabled and not user.password_hash]
