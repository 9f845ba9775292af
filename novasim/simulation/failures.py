"""Failures of tasks whose requests were accepted."""

from __future__ import annotations

from novasim.lifecycle.states import ERROR


class TaskFailed(Exception):
    """
    The failure of a task. Effects raise it; the server then gets a fault, and its instance-action log an error.

    Args:
        code: The code of the fault.
        unplaced: Whether it failed because no host was found, so that no host had started to work.
        to_error: Whether the server goes to ERROR even if the action's row keeps its state.

    Attributes:
        keeps_task_state: Whether the server keeps its task_state, because Nova forgets to reset it.
    """

    keeps_task_state = False

    def __init__(
        self, message: str, code: int = 500, details: str = "", to_error: bool = False, unplaced: bool = False
    ) -> None:
        super().__init__(message)
        self.message, self.code, self.details = message, code, details
        self.unplaced = unplaced
        self.vm_state: str | None = ERROR if to_error else None


class BuildAborted(TaskFailed):
    """
    A build failure that would occur on any host, so that Nova does not reschedule.

    Source: nova/exception.py, BuildAbortException.
    """

    def __init__(self, server_id: str, reason: str) -> None:
        super().__init__(f"Build of instance {server_id} aborted: {reason}")


class RetriesExceeded(TaskFailed):
    """
    The failure of a build or resize that was tried on several hosts.

    Source: nova/exception.py, MaxRetriesExceeded.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"Exceeded maximum number of retries. {reason}")
