"""Which module has the effect of an action."""

from __future__ import annotations

from importlib import import_module

from novasim.lifecycle.actions import ACTIONS
from novasim.simulation.effects import get_effect
from tests import each_case

SUBJECTS = """
    power      start stop reboot hard-reboot pause unpause suspend resume
    lock       lock unlock reset-state
    build      create
    resize     resize migrate confirm-resize revert-resize
    rebuild    rebuild evacuate
    rescue     rescue unrescue
    password   change-password
    shelve     shelve shelve-offload unshelve
    image      create-image create-backup
    move       live-migrate
    delete     delete force-delete restore
    device     attach-volume detach-volume attach-port detach-port
    swap       swap-volume
    addresses  add-floating-ip remove-floating-ip add-fixed-ip remove-fixed-ip add-security-group remove-security-group
    attributes set metadata-create metadata-replace metadata-set-item metadata-delete-item tag-add tag-replace
               tag-delete tag-delete-all
"""
NO_EFFECT = """
    console-log console-url console-url-rdp console-url-serial console-url-spice console-url-vnc crash-dump diagnostics
    inject-network-info reset-network
"""


def effects_by_subject() -> list[tuple[str, str]]:
    """The pairs above."""
    pairs, subject = [], ""
    for line in SUBJECTS.strip().splitlines():
        words = line.split()
        if not line.startswith("         ") or not subject:
            subject, *words = words
        pairs += [(subject, action) for action in words]
    return pairs


@each_case(("subject", "action"), effects_by_subject())
def test_the_effect_of_an_action_is_in_the_module_of_its_subject(subject, action):
    effects = import_module(f"novasim.simulation.effects.{subject}").EFFECTS
    assert get_effect(action) is effects[action]


def test_all_other_actions_change_nothing_but_the_state():
    others = ACTIONS.keys() - {action for _, action in effects_by_subject()}
    assert others == set(NO_EFFECT.split())
    for action in [*others, "no action"]:
        assert get_effect(action) == (None, {}, None, None, None)
