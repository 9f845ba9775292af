"""Plans: the shortest way to where somebody wants a server, as commands to give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from novasim.lifecycle.action import Action
from novasim.lifecycle.checks import source_is_down
from novasim.lifecycle.plan import Circumstances, Place, accepted_at, rests_in, way
from novasim.simulation.volumes import is_volume_backed
from novasim.teach.situation import Situation

Wanted = Callable[[Place], bool]
AN_HOUR = "3600"


class Plan(NamedTuple):
    """
    A way as commands, to be given one after another.

    Args:
        commands: In order; none if the server is there already.
        own: Whether the caller can give all of them; otherwise an administrator is needed.
        changes: What has to be changed in the simulation first, in words; "" for nothing.
    """

    commands: list[str]
    own: bool = True
    changes: str = ""

    @property
    def line(self) -> str:
        """All commands in one line for a shell."""
        return " && ".join(self.commands)


class _Offer(NamedTuple):
    """Something to begin a plan with: a change of the simulation, and what it makes possible."""

    commands: list[str]
    changes: str
    place: Place
    circumstances: Circumstances


def plan_to_rest(situation: Situation, vm_state: str) -> Plan | None:
    """The way to a server that has a vm_state and nothing to do; None if there is none."""
    return _plan(situation, lambda place: rests_in(place, vm_state))


def plan_to_do(situation: Situation, action: Action) -> Plan | None:
    """
    The way to where an action would be accepted; None if there is none.

    That a host must be down for an evacuation is no matter of the server's own way: another reason names it.
    """
    if source_is_down in action.checks:
        return _plan(situation, lambda place: accepted_at(action, place._replace(host_down=True)))
    return _plan(situation, partial(accepted_at, action))


def _plan(situation: Situation, wanted: Wanted) -> Plan | None:
    """The caller's own way if there is one, else an administrator's; without changing the simulation if possible."""
    boss = None if situation.asker.caller.is_admin else situation.as_administrator()
    for offered in range(2):
        for who in (situation, boss):
            found = _best(who, situation.place(), wanted, changing=bool(offered)) if who else None
            if found:
                return found._replace(own=who is situation)
    return None


def _best(situation: Situation, place: Place, wanted: Wanted, changing: bool) -> Plan | None:
    """The best plan of somebody for a server at a *place*, which is as the one who asks finds it."""
    here = _Offer([], "", place, situation.circumstances())
    offers = _changes(situation, here) if changing else iter([here])
    for offer in offers:
        steps = way(offer.place, wanted, offer.circumstances)
        if steps is not None:
            given = [command for step in steps for command in situation.commands(step)]
            return Plan([*offer.commands, *given], changes=offer.changes)
    return None


def _changes(situation: Situation, here: _Offer) -> Iterator[_Offer]:
    """What could be changed in the simulation, if Nova's own requests do not lead on."""
    if host := situation.dead_host():
        boss = situation.as_administrator() or situation
        command = boss.line("host", "set", host.name, "--no-forced-down" if host.up else "--up")
        words = f"Its host {host.name} is down; what is asked of the server waits until the host is back."
        yield here._replace(commands=[command], changes=words, place=here.place._replace(host_down=False))
    if not here.circumstances.soft_deletes:
        command = situation.line("config", "set", "reclaim_instance_interval", AN_HOUR)
        words = "While the option reclaim_instance_interval is 0, what is deleted is gone at once."
        soft = here.circumstances._replace(soft_deletes=True)
        yield here._replace(commands=[command], changes=words, circumstances=soft)
    if here.circumstances.offloads and not is_volume_backed(situation.server):
        command = situation.line("config", "set", "shelved_offload_time", AN_HOUR)
        words = "While the option shelved_offload_time is 0, a server that is shelved leaves its host at once."
        kept = here.circumstances._replace(offloads=False)
        yield here._replace(commands=[command], changes=words, circumstances=kept)
