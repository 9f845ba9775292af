"""Fields that an undo leaves alone, because all callers change them, such as those that count what is taken."""

from __future__ import annotations

from novasim.records import Host, Subnet
from novasim.simulation.addresses import note_taken_addresses
from novasim.simulation.scheduling.placement import count_usage
from novasim.store.base import Transaction

KEPT_FIELDS = frozenset(("updated_at",))
"""Fields of all tables that keep what another caller has set since."""
COUNTERS = {
    Host.table: frozenset(("used_vcpus", "used_ram_mb", "used_disk_gb")),
    Subnet.table: frozenset(("next_host", "requested_addresses")),
}
"""By table: fields that count what all callers have taken. They are counted again after an undo."""


def list_kept_fields(table: str) -> frozenset[str]:
    """The fields of the documents of a table that stay as they are."""
    return KEPT_FIELDS | COUNTERS.get(table, frozenset())


def count_again(tx: Transaction) -> None:
    """
    Count what is taken: claims may have gone or come back, and ports with addresses that are to be allocated later.

    An address that a step has taken in order stays taken.
    """
    for host in tx.query(Host):
        count_usage(tx, host)
    for subnet in tx.query(Subnet):
        note_taken_addresses(tx, subnet)
