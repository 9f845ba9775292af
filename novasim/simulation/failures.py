"""A task that goes wrong after its request was accepted."""

from __future__ import annotations

from novasim.lifecycle.states import ERROR


class TaskFailed(Exception):
    """
    Raised by an effect; settling turns it into a fault of the server and an Error in its log.

    Args:
        code: The fault's code, as Nova shows it.
        unplaced: Whether it was no host that was found, so that none has begun to work.
        to_error: Whether the server goes to ERROR even where the action's row would leave its state alone.
    """

    def __init__(
        self, message: str, code: int = 500, details: str = "", to_error: bool = False, unplaced: bool = False
    ) -> None:
        super().__init__(message)
        self.message, self.code, self.details = message, code, details
        self.unplaced = unplaced
        self.vm_state = ERROR if to_error else None
