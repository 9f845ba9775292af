"""What explain says of subjects and terms that are not actions, and what the documents say and Nova does not do."""

from __future__ import annotations

import re
from itertools import chain

import pytest

from novasim.cli.learning.explain import describe
from novasim.lifecycle.actions import ACTIONS
from novasim.teach.text import page_lines
from novasim.teach.words.actions import read_lessons
from novasim.teach.words.subjects import read_subjects, read_terms
from tests import each_case

SUBJECTS = (
    *("list", "filters", "personality", "metadata service", "user data", "config drive", "policy", "quota", "purge"),
    *("password", "locks", "microversion", "UNKNOWN", "troubleshooting"),
)
PLURALS = {
    "passwords": "password",
    "microversions": "microversion",
    "policies": "policy",
    "quotas": "quota",
    "filter": "filters",
    "Locks": "locks",
}
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
    "user data": "novasim metadata SERVER user_data",
    "config drive": "--config-drive",
    "metadata service": "dhcp_domain",
}


# By hand: what the documents call troubleshooting, and what explain says of it.
SYMPTOMS = {
    ("confirm-resize", "stays VERIFY_RESIZE"): ("why SERVER confirm-resize", "Reset its state", "hard reboot"),
    ("revert-resize", "stays VERIFY_RESIZE"): ("why SERVER revert-resize", "ERROR"),
    ("create-image", "stays queued or saving"): ("history SERVER", "image is removed"),
    ("create-image", "does not go back"): ("another operation", "--for idle"),
    ("start", "does not become ACTIVE"): ("another operation", "--for idle"),
    ("create", "stays BUILD"): ("instance_build_timeout", "host explain SERVER"),
    ("delete", "stays in deleting"): ("why SERVER delete",),
}


def text(word):
    return " ".join(line.text for line in page_lines(describe(word)))


def test_every_subject_has_a_page():
    assert tuple(read_subjects()) == SUBJECTS
    for name in SUBJECTS:
        assert describe(name.lower())["subject"] == name
        assert text(name).startswith(name)


@pytest.mark.parametrize("word", PLURALS)
def test_singular_and_plural_name_a_subject(word):
    assert describe(word)["subject"] == PLURALS[word]


@pytest.mark.parametrize(
    ("word", "code"), [("conflict", 409), ("itemNotFound", 404), ("not found", 404), ("over-limit", 413)]
)
def test_name_of_a_code_or_fault_names_the_code(word, code):
    assert describe(word)["code"] == code
    assert describe("busy")["term"] == "task_state"


def test_an_action_and_a_status_come_before_a_subject():
    assert describe("lock")["action"] == "lock"
    assert describe("PASSWORD")["status"] == "PASSWORD"


@pytest.mark.parametrize("word", DIFFERENCES)
def test_where_the_documents_err(word):
    assert DIFFERENCES[word] in " ".join(describe(word)["differs"])


@pytest.mark.parametrize("word", AGREED)
def test_what_the_documents_say_is_no_difference(word):
    assert describe(word)["differs"] == []


@pytest.mark.parametrize(("word", "symptom"), SYMPTOMS)
def test_troubleshooting_of_the_documents(word, symptom):
    page = text(word)
    assert symptom in page and all(remedy in page for remedy in SYMPTOMS[word, symptom])
    assert f"explain {word}" in text("troubleshooting") or word == "revert-resize"


@each_case("word", MEANINGS)
def test_meanings_of_the_documents(word):
    assert MEANINGS[word] in text(word)


def test_locks_name_every_action_that_a_lock_does_not_stop():
    """By hand, from the words of the page; the actions come from the table."""
    words = {
        "images": ["create-image"],
        "backups": ["create-backup"],
        "consoles": ["console-log", "console-url"],
        "diagnostics": ["diagnostics"],
        "names": ["set"],
        "tags": ["tag-add", "tag-replace", "tag-delete", "tag-delete-all"],
        "security groups": ["add-security-group", "remove-security-group"],
        "floating IPs": ["add-floating-ip", "remove-floating-ip"],
        "evacuations": ["evacuate"],
    }
    sentence = next(note for note in describe("locks")["notes"] if note.startswith("Not stopped"))
    assert all(word in sentence for word in words)
    for_administrators = {"reset-state", "inject-network-info", "reset-network"}
    unlocked = {action.name for action in ACTIONS.values() if not action.lock and action.acts_on_server}
    older_consoles = {name for name in unlocked if name.startswith("console-url-")}
    assert unlocked - for_administrators - older_consoles - {"lock", "unlock"} == set(chain(*words.values()))


def test_glossary_has_a_page_for_each_term(user):
    entries = describe("glossary")["glossary"]
    assert [each["term"] for each in entries] == sorted((each["term"] for each in entries), key=str.lower)
    assert {"floating IP", "flavor", "quota", "vm_state"} <= {each["term"] for each in entries}
    for each in entries:
        page = describe(each["term"])
        assert (page.get("term") or page["subject"]) == each["term"]
        assert page["meaning"].startswith(each["meaning"].rstrip("."))
    assert user("explain floating ip").stdout == user("explain floating-IPs").stdout
    assert "floating IP: A public address" in user("explain glossary").stdout


def test_terms_refer_to_terms():
    for meaning in read_terms().values():
        if meaning.startswith("See "):
            assert describe(meaning.removeprefix("See ").rstrip("."))["term"]


def test_words_of_explain_are_words_of_explain():
    """Every "novasim explain WORD" in a page names a page."""
    pages = [*read_lessons().values(), *read_subjects().values()]
    texts = [text for page in pages for text in (page.does, *page.wrong, *page.notes, *page.differs)]
    words = {word for text in texts for word in re.findall(r"novasim explain ([\w-]+)", text)} - {"TASK_STATE"}
    assert len(words) > 5
    for word in words:
        assert describe(word)


# By hand from the documents: the codes of refusals without 401. Nova answers 400 to a malformed body of any action.
DOCUMENTED_CODES = {
    "400 403 404": "add-floating-ip",
    "400 403 404 409": """
        add-security-group change-password confirm-resize create-backup create-image live-migrate migrate rebuild
        remove-floating-ip remove-security-group rescue resize revert-resize
    """,
    "403 404": "lock unlock reset-state",
    "403 404 409": "delete inject-network-info pause resume start stop suspend unpause unrescue reboot",
    "400 403 409": "create",
}
NOT_IMPLEMENTED = {"change-password", "pause", "rescue", "unpause", "unrescue"}


@pytest.mark.parametrize("codes", DOCUMENTED_CODES)
def test_codes_of_refusals_are_those_of_the_documents(codes):
    for name in DOCUMENTED_CODES[codes].split():
        expected = {*map(int, codes.split()), *({501} if name in NOT_IMPLEMENTED else ())}
        more = set(describe(name)["refusals"]) - expected
        assert more <= {400}, name
        assert expected <= set(describe(name)["refusals"]), name


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
