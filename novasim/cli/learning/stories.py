"""The chapters of `demo`: commands with remarks. Each runs in a cloud of its own, with a fixed seed."""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    """
    A command of a story.

    Args:
        remark: What to know before it; may be empty.
        line: The command, without the word novasim.
        code: Its exit code.
    """

    remark: str
    line: str
    code: int = 0


class Story(NamedTuple):
    """
    A chapter of the demonstration.

    Args:
        summary: What it shows, in one line.
        clock: The mode of the cloud's clock; "manual" shows the tasks on the way.
    """

    summary: str
    clock: str
    steps: tuple[Step, ...]


CREATE = Step(
    "Create a server from a flavor and an image, and let its build finish.",
    "create web1 --flavor m1.tiny --image cirros -q",
)
SHORT = "list -c Name -c Status -c Task -c Flavor"
HOSTS = "--as admin list --all-projects --long -c Name -c Status -c Task -c Host"

LIFE = Story(
    "The whole life of one server.",
    "instant",
    (
        Step(
            "Create a server from a flavor and an image. Nova accepts the request at once and builds it afterwards.",
            "create web1 --flavor m1.tiny --image cirros --wait "
            "-c name -c status -c OS-EXT-STS:power_state -c addresses",
        ),
        Step("The server is running.", "list"),
        Step("Ask the guest to restart (a soft reboot).", "reboot web1 --wait"),
        Step("Freeze the guest; its memory stays in RAM.", "pause web1 --wait"),
        Step("Every action is accepted in certain states only. A paused server cannot be stopped.", "stop web1", 4),
        Step("", "unpause web1 --wait"),
        Step(
            "Change the flavor. The server moves to another host and waits for a decision.",
            "resize web1 --flavor m1.small --wait",
        ),
        Step("Until then it cannot be stopped.", "stop web1", 4),
        Step("", "list"),
        Step("Keep the new flavor, and free the old host.", "confirm-resize web1 --wait"),
        Step("Lock the server against changes, even by its owner.", "lock web1 --reason 'backup running'"),
        Step("This is refused:", "stop web1", 4),
        Step("", "unlock web1"),
        Step("Shelve the server: it becomes an image and leaves its host.", "shelve web1 --wait"),
        Step("", "list"),
        Step("", "unshelve web1 --wait"),
        Step("Show every action on the server:", "history web1"),
        Step("Delete the server.", "delete web1 --wait"),
        Step("It is gone.", "show web1", 3),
    ),
)

RESIZE = Story(
    "A resize, what is accepted during it, and how to decide.",
    "manual",
    (
        CREATE,
        Step("", "clock advance 10s"),
        Step("A resize has to change the flavor.", "resize web1 --flavor m1.tiny", 6),
        Step("Nova accepts the request at once. The work has only begun.", "resize web1 --flavor m1.small"),
        Step("", SHORT),
        Step("A busy server refuses most actions.", "stop web1", 4),
        Step("Let the work finish.", "clock advance 10s"),
        Step("The server runs with its new flavor. Until you decide, it occupies the old host, too.", SHORT),
        Step("A stop has to wait for the decision ...", "stop web1", 4),
        Step("... and all of this is accepted meanwhile:", "can web1 --allowed -f value -c action"),
        Step("Go back to the old flavor and host.", "revert-resize web1"),
        Step("", "clock advance 10s"),
        Step("", SHORT),
        Step("Resize again, and keep the new flavor this time.", "resize web1 --flavor m1.small"),
        Step("", "clock advance 10s"),
        Step("", "confirm-resize web1"),
        Step("", "clock advance 10s"),
        Step("", SHORT),
        Step("Nova's log of all this:", "history web1 -c Action -c Event -c Result"),
    ),
)

EVACUATE = Story(
    "A host that fails, and the server that leaves it.",
    "manual",
    (
        CREATE,
        Step("", "clock advance 10s"),
        Step("Administrators see the host of each server.", HOSTS),
        Step("A host that is up is not evacuated.", "--as admin evacuate web1", 6),
        Step("Cut the power of the host.", "--as admin host set host1 --down -c hypervisor_hostname -c state"),
        Step("Nova still shows the last known status.", HOSTS),
        Step("Only administrators evacuate servers.", "evacuate web1", 5),
        Step("Rebuild the server on another host, from its image. Its local disk is lost.", "--as admin evacuate web1"),
        Step("", "clock advance 10s"),
        Step("It is switched off until its owner starts it.", HOSTS),
        Step("", "start web1"),
        Step("", "clock advance 10s"),
        Step("The old host comes back; the server stays where it is.", "--as admin host set host1 --up -q"),
        Step("", HOSTS),
        Step(
            "The evacuation is recorded as a migration.",
            "--as admin migration list -c Type -c Status -c From -c To",
        ),
    ),
)

SHELVE = Story(
    "A server that is stored as an image, and comes back.",
    "manual",
    (
        CREATE,
        Step("", "clock advance 10s"),
        Step("Shelve the server: Nova stores its disk as an image and frees its host.", "shelve web1"),
        Step("", "clock advance 10s"),
        Step("It keeps its ID and its addresses ...", "list -c ID -c Name -c Networks"),
        Step("... but has no host.", HOSTS),
        Step("", "image list -c Name -c Status"),
        Step("A server without a host cannot be started. Unshelve it.", "start web1", 4),
        Step("", "unshelve web1"),
        Step("", "clock advance 10s"),
        Step("", HOSTS),
        Step(
            "With this option, a shelved server stays on its host for an hour.", "config set shelved_offload_time 3600"
        ),
        Step("", "shelve web1"),
        Step("", "clock advance 10s"),
        Step("", HOSTS),
        Step("Then it is offloaded, too.", "clock advance 1h"),
        Step("", HOSTS),
    ),
)

FAULTS = Story(
    "Injected faults: a build that fails, a task that hangs.",
    "manual",
    (
        Step(
            "The next three builds fail on their host. Nova tries three hosts before it gives up.",
            "fault add spawn --times 3 -c name -c action -c phase -c message",
        ),
        Step("The request is accepted all the same.", "create web1 --flavor m1.tiny --image cirros -q"),
        Step("", "clock advance 10s"),
        Step("", "show web1 -c status -c fault"),
        Step("A server that has never run cannot be started.", "start web1", 4),
        Step("Only its record is left to delete.", "delete web1"),
        Step("", "clock advance 10s"),
        Step("Now make stops hang.", "fault add hang --action stop --stuck -q"),
        Step("", "create web2 --flavor m1.tiny --image cirros -q"),
        Step("", "clock advance 10s"),
        Step("", "stop web2"),
        Step("", "clock advance 1h"),
        Step("After an hour the task is still there.", SHORT),
        Step("Ask what holds it.", "why web2 start", 4),
        Step("Remove the fault, and the stop finishes.", "fault remove hang"),
        Step("", "clock advance 10s"),
        Step("", SHORT),
    ),
)

STORIES = {"life": LIFE, "resize": RESIZE, "evacuate": EVACUATE, "shelve": SHELVE, "faults": FAULTS}
