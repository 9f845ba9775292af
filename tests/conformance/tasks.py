"""Which pairs of vm_state and task_state each action accepts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.conformance.comparison import differing
from tests.conformance.stage import Stage, error_of
from tests.conformance.states import force_down, reach
from tests.conformance.symbols import expand
from tests.conformance.tally import Step, Tally

VERSION = "2.96"
# Where the name in the recording is not the key of an action without arguments: method, path below the server, body.
REQUESTS: dict[str, tuple[str, str, Any]] = {
    "reboot SOFT": ("POST", "/action", {"reboot": {"type": "SOFT"}}),
    "reboot HARD": ("POST", "/action", {"reboot": {"type": "HARD"}}),
    "resize": ("POST", "/action", {"resize": {"flavorRef": "f2"}}),
    "rebuild": ("POST", "/action", {"rebuild": {"imageRef": "{img_a}"}}),
    "changePassword": ("POST", "/action", {"changePassword": {"adminPass": "secret"}}),
    "createImage": ("POST", "/action", {"createImage": {"name": "snap"}}),
    "createBackup": ("POST", "/action", {"createBackup": {"name": "bak", "backup_type": "daily", "rotation": 1}}),
    "os-migrateLive": ("POST", "/action", {"os-migrateLive": {"host": None, "block_migration": "auto"}}),
    "evacuate (source down)": ("POST", "/action", {"evacuate": {}}),
    "DELETE": ("DELETE", "", None),
    "DELETE (reclaim_instance_interval>0)": ("DELETE", "", None),
    "metadata set": ("POST", "/metadata", {"metadata": {"k": "v"}}),
    "metadata item delete": ("DELETE", "/metadata/old", None),
    "volume attach": ("POST", "/os-volume_attachments", {"volumeAttachment": {"volumeId": "{vol_new}"}}),
    "volume detach": ("DELETE", "/os-volume_attachments/{vol_old}", None),
    "interface attach": ("POST", "/os-interface", {"interfaceAttachment": {"net_id": "{net}"}}),
    "interface detach": ("DELETE", "/os-interface/{port_s1_1}", None),
    "remote-consoles vnc": ("POST", "/remote-consoles", {"remote_console": {"protocol": "vnc", "type": "novnc"}}),
    "tags put": ("PUT", "/tags/tag1", None),
}
BY_ADMIN = {"migrate", "os-migrateLive", "evacuate (source down)", "shelveOffload"}


def replay(data: dict[str, Any], base: Stage, tally: Tally, only: str) -> None:
    """Send every action to a server in every pair of states."""
    tasks = Tasks(data, base, tally)
    for action in data["actions"]:
        if only in action:
            tasks.try_action(action)


class Tasks:
    """A server that is put into one pair of states after the other."""

    def __init__(self, data: dict[str, Any], base: Stage, tally: Tally) -> None:
        self.data = data
        self.tally = tally
        self.start = reach(base, "active", volume="vol_old")
        self.start.set_server("s1", metadata={"old": "1"})

    def try_action(self, action: str) -> None:
        start = self.start.fork()
        if "reclaim" in action:
            start.set_options(reclaim_instance_interval=3600)
        if "source down" in action:
            force_down(start, "host1")
        stage = start.fork()
        for vm_state, task_state, accepted in self.pairs(action):
            code, _, _ = self.ask(stage, action, vm_state=vm_state, task_state=task_state)
            self.compare(action, vm_state, task_state, accepted, code)
            if code < 400:
                stage.back_to(start)
        tags: list[str] = []
        for name, vm_state, task_state, code in self.data.get("http_sample", []):
            if name == action:
                stage.back_to(start)
                stage.set_server("s1", tags=tags)  # the recorder tagged one server again and again
                answer = self.ask(stage, action, vm_state=vm_state, task_state=task_state)
                tags = (stage.server("s1") or {}).get("tags", [])
                where = f"{action}, {vm_state}, {task_state} over HTTP"
                self.compare_answer(where, action, vm_state, code, None, answer)
        for name, vm_state, code, message in self.data.get("never_launched", []):
            if name == action:
                stage.back_to(start)
                answer = self.ask(stage, action, vm_state=vm_state, task_state=None, launched_at=None)
                self.compare_answer(f"{action}, {vm_state}, never launched", action, vm_state, code, message, answer)

    def pairs(self, action: str) -> Iterator[tuple[str, str | None, bool]]:
        """Every pair that can be reached through the API, and whether it is accepted."""
        every_task, every_vm = self.data["task_states"], self.data["vm_states"]
        accepted = set()
        for vm_state, tasks in self.data["actions"][action]["accepted"]:
            vm_states = every_vm if vm_state == "any" else [vm_state]
            accepted |= {(vm, task) for vm in vm_states for task in every_task if _is_among(task, tasks)}
        for vm_state in every_vm:
            if vm_state != "deleted":
                for task_state in every_task:
                    yield vm_state, task_state, (vm_state, task_state) in accepted

    def ask(self, stage: Stage, action: str, **fields: Any) -> tuple[int, str | None, str | None]:
        """Put the server into a state, send the action; the code, key and message of the answer."""
        stage.set_server("s1", **fields)
        method, below, body = REQUESTS.get(action, ("POST", "/action", {action: None}))
        caller = "admin" if action in BY_ADMIN else "member"
        response = stage.send(caller, VERSION, method, "/servers/{s1}" + below, body)
        key, message = error_of(response)
        return response.code, key, stage.symbols.names_in(message)

    def compare(self, action: str, vm_state: str, task_state: str | None, accepted: bool, code: int) -> None:
        """Only 409 is a refusal of the state; other codes come after it."""
        step = Step("tasks", f"{action}, {vm_state}, {task_state}", "", action, f"{vm_state}/{task_state}")
        ours = "refused" if code == 409 else "accepted" if code < 500 else "crash"
        mismatches = differing([("state", "accepted" if accepted else "refused", ours)])
        self.tally.judge(step, (202 if accepted else 409, code), mismatches)

    def compare_answer(
        self,
        where: str,
        action: str,
        vm_state: str,
        code: int,
        expected: str | None,
        answer: tuple[int, str | None, str | None],
    ) -> None:
        our_code, _, message = answer
        step = Step("tasks", where, "", action, vm_state)
        self.tally.judge(step, (code, our_code), differing([("code", code, our_code)]), (expected, message))
        if expected:
            self.tally.extra("messages", step, expand(expected), message)


def _is_among(task: str | None, tasks: Any) -> bool:
    """Whether a task_state is in a list, in "any", or not among those excepted."""
    if isinstance(tasks, dict):
        return task not in tasks["all_except"]
    return tasks == "any" or task in tasks
