"""Policy files: valid ones, and the messages for invalid ones."""

from __future__ import annotations

import json
import sys

import pytest

from novasim.api.policy.defaults import DEFAULTS
from novasim.api.policy.files import list_effective_rules, load_policy_file
from novasim.errors import UsageError

SHOW, START = "os_compute_api:servers:show", "os_compute_api:servers:start"


@pytest.fixture
def policy_file(tmp_path):
    def write(content: str | bytes, name: str = "policy.yaml") -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def test_a_yaml_file_is_loaded(policy_file):
    path = policy_file(f"""
        # who may look
        "{SHOW}": "rule:support or rule:project_reader_api"
        {START}: '@'
        support: >-
            role:support and
            not role:trainee
        os_compute_api:servers:stop:
            - ["role:member", "project_id:%(project_id)s"]
            - role:operator
        default: "!"
        """)
    assert load_policy_file(path) == {
        SHOW: "rule:support or rule:project_reader_api",
        START: "@",
        "support": "role:support and not role:trainee",
        "os_compute_api:servers:stop": "role:member and project_id:%(project_id)s or role:operator",
        "default": "!",
    }


@pytest.mark.parametrize("content", ["", "\n# only a remark\n", "{}", "---\n"])
def test_a_file_without_rules_overrides_nothing(policy_file, content):
    assert load_policy_file(policy_file(content)) == {}


def test_a_file_with_all_defaults_is_valid(policy_file):
    assert load_policy_file(policy_file(json.dumps(DEFAULTS))) == DEFAULTS


def test_json_needs_no_extra_package(policy_file, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert load_policy_file(policy_file(json.dumps({SHOW: "@"}))) == {SHOW: "@"}
    assert load_policy_file(policy_file(json.dumps({SHOW: [["role:a"]]}), "policy.json")) == {SHOW: "role:a"}
    with pytest.raises(UsageError, match=r"policy\.yaml: Reading YAML needs PyYAML: .*pip install 'PyYAML>=6'"):
        load_policy_file(policy_file(f"{SHOW}: '@'"))


def test_a_byte_order_mark_is_accepted(policy_file):
    assert load_policy_file(policy_file(b"\xef\xbb\xbf" + json.dumps({SHOW: "@"}).encode(), "policy.json")) == {
        SHOW: "@"
    }


BOMB = "".join(f"b{n}: &b{n} [*b{n - 1}, *b{n - 1}]\n" for n in range(1, 41))  # 2**40 values, were they written out


# name of the file, what is in it, what is said of it after its name
WRONG = [
    ("policy.yaml", f"# first\n{SHOW}: role:a nad role:b", f", line 2: {SHOW}: Check 'role:a nad role:b', character 8"),
    ("policy.json", f'{{\n "{START}": "@",\n "{SHOW}": "("}}', f", line 3: {SHOW}: Check '(', character 2: a check is"),
    (
        "policy.yaml",
        "os_compute_api:servers:shwo: '@'",
        f", line 1: os_compute_api:servers:shwo: Nova has no such rule,"
        f" and no other rule refers to it. Did you mean {SHOW}?",
    ),
    (
        "policy.yaml",
        f"{SHOW}: rule:project_reader_or_admn",
        f", line 1: {SHOW}: There is no rule 'project_reader_or_admn'. Did you mean project_reader_or_admin?",
    ),
    (
        "policy.yaml",
        f"a: rule:b\nb: not rule:a\n{SHOW}: rule:a",
        ", line 1: a: The rule refers back to itself: a -> b -> a. (1 more of its rules are wrong.)",
    ),
    (
        "policy.yaml",
        f"{SHOW}: http://example.com/",
        f", line 1: {SHOW}: Check 'http://example.com/', character 1 at"
        " 'http://example.com/': checks that ask a web server are not simulated.",
    ),
    ("policy.yaml", f"{START}: '@'\n{SHOW}: @", ", line 2, column 30: found character '@'"),
    ("policy.yaml", f"{SHOW}: '@", ", line 1, column 32: found unexpected end of stream."),
    (
        "policy.yaml",
        f"{SHOW}: !!python/object:os.system x",
        ", line 1, column 30: the tag 'tag:yaml.org,2002:python/object:os.system' is not known.",
    ),
    ("policy.json", f'{{"{SHOW}": }}', ", line 1, column 33: Expecting value."),
    ("policy.yaml", f"{SHOW}: !", f', line 1: {SHOW}: Its check is missing; "@" allows everyone, "!" no one.'),
    ("policy.yaml", f"{SHOW}:", f", line 1: {SHOW}: Its check is missing"),
    ("policy.yaml", f"{SHOW}: true", f', line 1: {SHOW}: A check is text, not of the type bool; "@" allows everyone'),
    ("policy.json", f'{{"{SHOW}": {{"role": "a"}}}}', f", line 1: {SHOW}: A check is text, not of the type dict"),
    ("policy.yaml", f"{SHOW}: [[role:a or role:b]]", f", line 1: {SHOW}: 'role:a or role:b' is not a single check"),
    ("policy.yaml", f"- {SHOW}", ": The file must be a mapping of rule names to checks."),
    ("policy.yaml", "just words", ": The file must be a mapping of rule names to checks."),
    ("policy.yaml", "7: role:a", ", line 1: 7: Nova has no such rule"),
    ("policy.yaml", b"a: b\n\xff\xfe\x00", ", line 2: The file is not UTF-8 text."),
    ("policy.yaml", "a: 2026-99-99", ", line 1: a: Nova has no such rule"),
    ("policy.yaml", "a: !!int never", ", line 1, column 4: 'never' is not a valid value; put text in quotes."),
    ("policy.yaml", "? [a]\n: b", ", line 1, column 3: a key must be text."),
    ("policy.yaml", "a: b\n\x07", ", line 2: The character '\\x07' is not allowed here."),
    ("policy.yaml", f"b0: &b0 [x]\n{BOMB}{SHOW}: *b40", ", line 1, column 5: aliases repeat more than 10,000 values."),
    ("policy.yaml", f"{SHOW}: '@'\n{SHOW}: '!'", f", line 2, column 1: the key '{SHOW}' occurs twice."),
    ("policy.json", f'{{"{SHOW}": "@",\n"{SHOW}": "!"}}', f", line 1: {SHOW}: The rule occurs twice."),
    ("policy.json", "[" * 100_000, ": The file is nested too deep."),
    ("policy.yaml", "a: " + "[" * 20_000, ", line 1, column 33: The file has more than 30 levels."),
]


@pytest.mark.parametrize(("name", "content", "said"), WRONG, ids=[said[:45] for *_, said in WRONG])
def test_an_invalid_file_is_refused_in_one_line_with_the_position(policy_file, name, content, said):
    path = policy_file(content, name)
    with pytest.raises(UsageError) as refusal:
        load_policy_file(path)
    assert str(refusal.value).startswith(path + said)
    assert "\n" not in str(refusal.value)
    assert refusal.value.exit_code == 2


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(UsageError, match=r"none\.yaml: No such file"):
        load_policy_file(str(tmp_path / "none.yaml"))
    with pytest.raises(UsageError, match="directory"):
        load_policy_file(str(tmp_path))


def test_the_refusal_counts_all_wrong_rules(policy_file):
    path = policy_file(f"{SHOW}: role\n{START}: rule:nobody\nos_compute_api:cells: '@'")
    with pytest.raises(UsageError, match=rf"line 1: {SHOW}: .* \(2 more of its rules are wrong\.\)$"):
        load_policy_file(path)


def test_new_rules_and_deprecated_names_are_valid(policy_file):
    overrides = {"mine": "role:a", SHOW: "rule:mine", "os_compute_api:os-volumes": "@", "default": "!"}
    assert load_policy_file(policy_file(json.dumps(overrides))) == overrides


def test_a_circle_through_a_default_is_refused(policy_file):
    circle = "context_is_admin -> project_reader_or_admin -> context_is_admin"
    path = policy_file("context_is_admin: rule:project_reader_or_admin")
    with pytest.raises(UsageError, match=f"context_is_admin: The rule refers back to itself: {circle}"):
        load_policy_file(path)


def test_the_list_shows_effective_and_default_checks():
    rules = {
        rule.name: rule
        for rule in list_effective_rules({START: "@", "mine": "role:a", "os_compute_api:os-volumes": "!"})
    }
    assert rules[START].check_str == "@"
    assert rules[START].default == "rule:project_member_or_admin"
    assert rules[START].operations == ("POST /servers/{server_id}/action (os-start)",)
    assert rules["mine"].default == ""
    assert rules["os_compute_api:os-volumes:list"].check_str == "!"
    assert set(DEFAULTS) < set(rules)
    assert list(rules) == sorted(rules)
