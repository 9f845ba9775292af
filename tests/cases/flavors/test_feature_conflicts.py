"""A flavor and an image that differ in a feature: some creates are refused, the others fail when they are scheduled."""

from __future__ import annotations

from tests import each_case
from tests.cases.flavors.test_cpu_constraints import create, flavor_with, image_with
from tests.play import Play

CONFLICT = "Flavor f has {0}:{1} extra spec explicitly set to {2}, conflicting with image {4} which has {0}_{1} "


def conflict(prefix, key, spec, own, image="i"):
    return CONFLICT.format(prefix, key, spec, own, image) + f"explicitly set to {own}."


ENCRYPTED = {"hw:ephemeral_encryption": "yes"}
REFUSED = [  # extra specs, image properties, code, message
    ({"hw:sound_model": "usb"}, {"hw_sound_model": "ac97"}, 400, conflict("hw", "sound_model", "usb", "ac97")),
    ({"hw:sound_model": "drum"}, {}, 400, "Invalid sound device model 'drum'. Allowed values: sb16, es1370, pcspk"),
    (ENCRYPTED, {"hw_ephemeral_encryption": "no"}, 400, "extra spec explicitly set to yes, conflicting with image i"),
    (ENCRYPTED | {"hw:ephemeral_encryption_format": "x"}, {}, 400, "Invalid ephemeral encryption format x. Allowed"),
    (
        {"hw:pci_numa_affinity_policy": "legacy"},
        {"hw_pci_numa_affinity_policy": "required"},
        403,
        "Image property 'hw_pci_numa_affinity_policy' is not permitted to override",
    ),
    ({"hw:pci_numa_affinity_policy": "x"}, {}, 400, "Invalid PCI NUMA affinity configured: x"),
]
FAILED = [
    ({"hw:tpm_version": "2.0"}, {"hw_tpm_version": "1.2"}, 500, conflict("hw", "tpm_version", "2.0", "1.2")),
    ({"hw:tpm_version": "3"}, {}, 400, "Invalid TPM version '3'. Allowed values: 1.2, 2.0."),
    (
        {"hw:tpm_version": "2.0", "hw:tpm_model": "tpm-tis"},
        {"hw_tpm_model": "tpm-crb"},
        500,
        conflict("hw", "tpm_model", "tpm-tis", "tpm-crb"),
    ),
    ({"hw:tpm_version": "1.2"}, {"hw_tpm_model": "tpm-crb"}, 400, "TPM model CRB is only valid with TPM version 2.0."),
    (
        {"os:secure_boot": "disabled"},
        {"os_secure_boot": "optional"},
        500,
        conflict("os", "secure_boot", "disabled", "optional"),
    ),
    ({"os:secure_boot": "x"}, {}, 400, "Invalid secure boot policy 'x'. Allowed values: required, disabled, optional."),
    (
        {"hw:maxphysaddr_mode": "emulate"},
        {"hw_maxphysaddr_mode": "passthrough"},
        500,
        conflict("hw", "maxphysaddr_mode", "emulate", "passthrough"),
    ),
]


@each_case("specs, properties, code, message", REFUSED)
def test_creates_that_are_refused(specs, properties, code, message):
    play = Play()
    answer = create(play, flavor_with(play, specs), image_with(play, properties))
    assert answer.code == code
    assert message in next(iter(answer.body.values()))["message"]


@each_case("specs, properties, code, message", FAILED)
def test_builds_that_fail(specs, properties, code, message):
    play = Play()
    server = create(play, flavor_with(play, specs), image_with(play, properties)).body["server"]["id"]
    assert play.state(server) == ("ERROR", None)
    assert (play.server(server).fault["code"], play.server(server).fault["message"]) == (code, message)


def test_a_resize_that_fails_keeps_the_server():
    play = Play()
    image = image_with(play, {"os_secure_boot": "optional"})
    server = create(play, flavor_with(play, {}, "plain"), image).body["server"]["id"]
    flavor = flavor_with(play, {"os:secure_boot": "disabled"})
    assert play.act(server, "resize", {"flavorRef": flavor}).code == 202
    assert play.state(server) == ("ACTIVE", None)
    assert play.server(server).fault["message"] == conflict("os", "secure_boot", "disabled", "optional")


def test_a_rebuild_with_another_sound_device_is_refused():
    play = Play()
    server = create(play, flavor_with(play, {"hw:sound_model": "usb"}), play.image).body["server"]["id"]
    answer = play.act(server, "rebuild", {"imageRef": image_with(play, {"hw_sound_model": "ac97"})})
    assert answer.code == 400
    assert answer.body["badRequest"]["message"] == conflict("hw", "sound_model", "usb", "ac97")
