"""Whether an image can be used: its status and properties, and what it needs of a flavor. Texts are Nova's."""

from __future__ import annotations

import pytest

from novasim.lifecycle.images import (
    architecture_refusals,
    default_disk_config,
    disk_config_refusals,
    disk_refusals,
    encryption_refusals,
    image_refusals,
    property_refusals,
    ram_refusals,
    volume_refusals,
)
from tests.spec.samples import GIB, image


@pytest.mark.parametrize(
    ("ram", "disk", "local", "kinds"),
    [
        (512, 5, True, 0),
        (511, 5, True, 1),
        (512, 4, True, 2),
        (511, 4, True, 3),
        (512, 4, False, 0),
        (512, 0, True, 0),
    ],
)
def test_an_image_needs_ram_and_disk(ram, disk, local, kinds):
    wanting = image(min_ram=512, min_disk=5, size=5 * GIB)
    assert len(list(image_refusals(wanting, ram, disk, local))) == kinds


def test_the_disk_is_local_by_default():
    assert len(list(image_refusals(image(min_disk=5), 512, 4))) == 1


@pytest.mark.parametrize(("have", "need", "enough"), [(5, 4, True), (5, 5, True), (4, 5, False)])
def test_the_minimum_is_enough(have, need, enough):
    assert bool(list(disk_refusals(have, need))) == (not enough)
    assert bool(list(ram_refusals(have, need))) == (not enough)


@pytest.mark.parametrize(
    ("ram", "disk", "local", "needs"),
    [
        (511, 5, True, (512, 7)),
        (511, 4, True, (512, 7)),
        (511, 4, False, (512, 0)),
        (511, 0, True, (512, 0)),
    ],
)
def test_refusals_say_what_flavor_would_fit(ram, disk, local, needs):
    wanting = image(min_ram=512, min_disk=5, size=6 * GIB + 1)
    assert {refusal.facts["needs"] for refusal in image_refusals(wanting, ram, disk, local)} == {needs}


def reasons(refusals) -> list[str]:
    return [str(refusal) for refusal in refusals]


def test_the_order_and_texts_of_refusals():
    bad = image(
        status="queued",
        min_ram=513,
        min_disk=6,
        size=5 * GIB + 1,
        properties={"img_config_drive": "perhaps", "hw_disk_bus": "no"},
    )
    assert reasons(image_refusals(bad, 512, 5)) == [
        "Image i is not active.",
        "Image's config drive option 'perhaps' is invalid",
        "Flavor's memory is too small for requested image.",
        f"Flavor's disk is too small for requested image. Flavor disk is {5 * GIB} bytes, "
        f"image is {5 * GIB + 1} bytes.",
        "Flavor's disk is smaller than the minimum size specified in image metadata. "
        f"Flavor disk is {5 * GIB} bytes, minimum size is {6 * GIB} bytes.",
        "Invalid image metadata. Error: Field value no is invalid",
    ]
    assert reasons(image_refusals(image(status="queued"), 512, 5, shown_id="x")) == ["Image x is not active."]


@pytest.mark.parametrize(("option", "count"), [("optional", 0), ("mandatory", 0), ("always", 2)])
def test_the_option_for_the_config_drive(option, count):
    assert len(reasons(image_refusals(image(properties={"img_config_drive": option}), 512, 5))) == count


def test_an_image_of_an_encrypted_volume():
    encrypted = image(properties={"cinder_encryption_key_id": "k"})
    assert reasons(encryption_refusals(encrypted)) == [
        "Image i is unacceptable: Direct booting of an image uploaded from an encrypted volume is unsupported."
    ]
    encrypted.id = ""  # what a volume keeps of it
    assert reasons(encryption_refusals(encrypted)) == reasons(encryption_refusals(image())) == []


@pytest.mark.parametrize(("name", "is_known"), [("x86_64", True), ("AMD64", True), ("vax11", False), ("", False)])
def test_the_architecture(name, is_known):
    expected = [] if is_known else [f"Architecture name '{name}' is not recognised"]
    assert reasons(architecture_refusals(image(properties={"hw_architecture": name}))) == expected
    assert reasons(architecture_refusals(image())) == []


def test_the_error_of_a_property():
    assert reasons(property_refusals(image())) == []
    assert reasons(property_refusals(image(properties={"hw_numa_cpus.0": "a"}))) == ["Invalid inclusion expression 'a'"]


@pytest.mark.parametrize(
    ("value", "requested", "is_refused"),
    [("Disabled", "AUTO", True), (" disabled ", "AUTO", True), ("Disabled", "MANUAL", False), ("no", "AUTO", False)],
)
def test_automatic_disk_resize(value, requested, is_refused):
    expected = ["Requested image i has automatic disk resize disabled."] if is_refused else []
    assert reasons(disk_config_refusals("i", {"auto_disk_config": value}, requested)) == expected
    assert reasons(disk_config_refusals("i", {}, requested)) == []


@pytest.mark.parametrize(
    ("value", "expected"), [("true", "AUTO"), ("1", "AUTO"), ("disabled", "MANUAL"), ("", "MANUAL")]
)
def test_the_default_of_the_disk_resize(value, expected):
    assert default_disk_config({"auto_disk_config": value}) == expected
    assert default_disk_config({}) == "MANUAL"


def test_a_boot_volume_has_the_size_that_the_image_needs():
    assert reasons(volume_refusals(4, 5)) == [
        "Volume is smaller than the minimum size specified in image metadata. "
        f"Volume size is {4 * GIB} bytes, minimum size is {5 * GIB} bytes."
    ]
    assert reasons(volume_refusals(5, 5)) == reasons(volume_refusals(None, 5)) == []
