"""The states of a cloud behind a server, as `control.kept.states.CloudStates` has those of a file."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

from novasim.control.backups import KeptState, RestoreResult, read_state
from novasim.control.databases.states import UNCHANGED
from novasim.control.differences import Difference
from novasim.control.kept.states import CloudStates, Imported
from novasim.errors import CloudFileError, UsageError
from novasim.store.base import Store

Fields = dict[str, Any]
WITH_SECRETS = "The secrets of a cloud stay at its server. Leave --with-secrets out."


class RemoteStates(CloudStates):
    """
    The states of a cloud behind a server, which keeps them.

    Args:
        post: Sends an operation to the server, and returns its result.
    """

    def __init__(self, address: str, post: Callable[[Fields], Any]) -> None:
        super().__init__(address)
        self._post = post

    def check(self) -> list[str]:
        return list(self._post({"operation": "check"}))

    def require_sound(self) -> None:
        """Nothing: the server refuses to use a damaged cloud."""

    def list_states(self) -> list[dict[str, Any]]:
        return list(self._post({"operation": "list"}))

    def save(self, name: str, force: bool) -> str:
        return str(self._post({"operation": "save", "name": name, "force": force}))

    def load(self, name: str) -> str:
        return str(self._post({"operation": "load", "name": name}))

    def restore(self, backup: str) -> RestoreResult:
        return unpack_restored(self._post({"operation": "restore", "name": backup}))

    def export(self, with_secrets: bool) -> bytes:
        if with_secrets:
            raise UsageError(WITH_SECRETS)
        return base64.b64decode(self._post({"operation": "export"}))

    def compare(self, store: Store, before: str | None, after: str | None) -> list[Difference]:
        found = self._post({"operation": "compare", "before": before, "after": after})
        return [Difference(*values) for values in found]

    def import_file(self, file: str) -> Imported:
        try:
            content = base64.b64encode(read_state(file)).decode()
        except CloudFileError as error:
            raise CloudFileError(error.problem, UNCHANGED) from None
        return Imported(*self._post({"operation": "import", "content": content}))

    def replace(self, content: bytes) -> str:
        found = self._post({"operation": "import", "content": base64.b64encode(content).decode()})
        return Imported(*found).kept


def pack_restored(result: RestoreResult) -> Fields:
    """The result of a restore as JSON, without paths of the server."""

    def pack(state: KeptState) -> list[Any]:
        return [state.name, state.name, state.time, state.is_backup]

    kept = result.kept.name if result.kept else ""
    backups = [pack(each) for each in result.backups]
    return {"backup": pack(result.backup), "kept": kept, "backups": backups, "damaged": result.damaged}


def unpack_restored(fields: Fields) -> RestoreResult:
    """The result that `pack_restored` has packed."""

    def unpack(values: list[Any]) -> KeptState:
        return KeptState(values[0], Path(values[1]), *values[2:])

    kept = Path(fields["kept"]) if fields["kept"] else None
    return RestoreResult(unpack(fields["backup"]), kept, [*map(unpack, fields["backups"])], fields["damaged"])
