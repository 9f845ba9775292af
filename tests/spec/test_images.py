"""Whether a flavor's RAM and disk are large enough for an image, by Nova's API reference."""

from __future__ import annotations

import pytest

from novasim.lifecycle.images import disk_refusals, image_refusals, ram_refusals
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
