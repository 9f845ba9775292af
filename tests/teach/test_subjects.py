"""What explain says of subjects that are not actions, and what the documents say and Nova does not do."""

from __future__ import annotations

import pytest

from novasim.cli.learning.explain import describe
from novasim.teach.text import page_lines
from novasim.teach.words.subjects import read_subjects

SUBJECTS = ("list", "filters", "personality", "policy", "quota", "purge", "password", "microversion", "UNKNOWN")
DIFFERENCES = {
    "add-floating-ip": "ACTIVE or STOPPED",
    "create-image": "PAUSED",
    "live-migrate": "2016",
    "console-url-rdp": "RDP console",
    "filters": "description",
    "personality": "base64",
    "password": "change-password",
    "UNKNOWN": "400",
}  # what the documents say and Nova does not do
AGREED = ("stop", "reboot", "rebuild", "confirm-resize", "revert-resize", "rescue", "resize")
MEANINGS = {
    "SHELVED": "shelved_offload_time",
    "SUSPENDED": "shelve frees them",
    "RESIZE": "down meanwhile",
    "rebuild": "2.93",
    "resize": "Ephemeral disks",
    "migrate": "resize_confirm_window",
    "live-migrate": "migrate_max_retries",
    "reset-network": "Wallaby",
    "confirm-resize": "left on the old host",
    "delete": "stays in deleting",
    "revert-resize": "stays VERIFY_RESIZE",
    "create-image": "another operation",
    "personality": "successors",
    "password": "goes to ERROR",
}


def text(word):
    return " ".join(line.text for line in page_lines(describe(word)))


def test_every_subject_has_a_page():
    assert tuple(read_subjects()) == SUBJECTS
    for name in SUBJECTS:
        assert describe(name.lower())["subject"] == name
        assert text(name).startswith(name)


@pytest.mark.parametrize("word", DIFFERENCES)
def test_where_the_documents_err(word):
    assert DIFFERENCES[word] in " ".join(describe(word)["differs"])


@pytest.mark.parametrize("word", AGREED)
def test_what_the_documents_say_is_no_difference(word):
    assert describe(word)["differs"] == []


@pytest.mark.parametrize("word", MEANINGS)
def test_meanings_of_the_documents(word):
    assert MEANINGS[word] in text(word)


def test_create_has_no_status_of_a_server():
    told = text("create")
    assert "in every status" not in told
    assert "refusals are 400, 403, 409." in told


def test_unshelve_does_not_advise_to_delete():
    assert "delete" not in text("unshelve")


def test_filters_of_the_page_are_those_of_members():
    from novasim.api.compute.servers.listing.filters import MEMBER_FILTERS

    told = text("filters")
    assert [name for name in MEMBER_FILTERS if name not in told and not name.startswith(("not-", "all_"))] == []
