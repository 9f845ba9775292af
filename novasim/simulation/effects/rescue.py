"""Effects of rescue and unrescue."""

from __future__ import annotations

from novasim.lifecycle import states
from novasim.records import Image, Server, Task
from novasim.simulation import images
from novasim.simulation.effects import Effect
from novasim.simulation.failures import TaskFailed
from novasim.simulation.time.timers import drop_timer, set_timer
from novasim.simulation.world import World


def find_rescue_image(world: World, server: Server, task: Task) -> None:
    """
    Find the image of the rescue system: that of the request, or else the image from which the server's disk comes.

    Args: image (id, or None).

    Raises:
        TaskFailed: the image no longer exists; the server stays as it is.

    Source: nova/compute/manager.py, rescue_instance.
    """
    image_id = task.args.get("image") or images.get_base_image_id(server)
    if not image_id:
        return
    image = world.tx.get(Image, image_id)
    if image is None:
        failure = TaskFailed(f"Image {image_id} could not be found.", code=404)
        failure.vm_state = server.vm_state
        raise failure


def finish_rescue(world: World, server: Server, task: Task) -> None:
    """Boot the rescue system, and set the timer that ends the rescue (rescue_timeout)."""
    server.power_state = states.RUNNING
    server.launched_at = world.time
    if timeout := world.option("rescue_timeout"):
        set_timer(world, server, "unrescue", timeout)


def finish_unrescue(world: World, server: Server, task: Task) -> None:
    """Boot the server's own system again."""
    server.power_state = states.RUNNING
    drop_timer(world, server, "unrescue")


EFFECTS = {
    "rescue": Effect(on_phase_end={"rescuing": find_rescue_image}, on_finish=finish_rescue),
    "unrescue": Effect(on_finish=finish_unrescue),
}
