"""Hostile scenario files: a valid file, and what an attacker writes instead of one of its values."""

from __future__ import annotations

from typing import Any

VALID: dict[str, Any] = {
    "seed": 7,
    "clock": "instant",
    "options": {"max_limit": 100, "enabled_filters": ["ComputeFilter"]},
    "projects": [{"name": "demo", "quotas": {"instances": 50}}, {"name": "admin"}],
    "users": [{"name": "demo"}, {"name": "admin", "roles": {"admin": ["admin"]}}],
    "hosts": [{"name": "h1", "vcpus": 8, "cpu_allocation_ratio": 2.0, "availability_zone": "az1"}, {"name": "h2"}],
    "flavors": [{"name": "small", "vcpus": 1, "ram": 512, "disk": 1, "extra_specs": {"hw:cpu_policy": "shared"}}],
    "images": [{"name": "cirros", "size": 1000, "min_disk": 1, "properties": {"os_distro": "cirros"}}],
    "networks": [
        {"name": "private", "shared": True, "cidr": "10.1.0.0/24", "cidr_v6": "2001:db8::/64", "project": "demo"},
        {"name": "pool", "cidr": "10.2.0.0/24", "pool_start": "10.2.0.10", "pool_end": "10.2.0.20"},
    ],
    "security_groups": [{"name": "web", "project": "demo"}],
    "keypairs": [{"name": "key1", "user": "demo"}],
    "volumes": [{"name": "data", "project": "demo", "size": 2}],
    "servers": [
        {
            "name": "web1",
            "project": "demo",
            "flavor": "small",
            "image": "cirros",
            "network": "private",
            "addresses": ["10.1.0.9"],
            "metadata": {"a": "b"},
            "tags": ["t"],
            "created_at": "2026-01-01T00:00:00Z",
        },
        {"name": "db1", "project": "demo", "flavor": "small", "host": "h2", "vm_state": "paused", "task_state": None},
    ],
}

VALUES: list[Any] = [
    *("", " ", "x" * 300, "a\x07b", "a\nb", "\u202e", "-rf", "../..", "a/b", "2026-13-45", "0001-01-01", "9999-12-31"),
    *(-1, 0, 2**31, 2**63, 2**70, 10**400, -(2**63), 1.5, -0.5, float("inf"), float("nan"), 1e308),
    *(True, False, None, [], {}, [[]], [{}], {"a": {}}, [None], ["x"] * 200, {"k" * 300: "v"}, {"": ""}, {1: 2}),
    *("10.1.0.0/33", "0.0.0.0/0", "10.1.0.5", "255.255.255.255/32", "::/0", "::1", "10.9.9.9", "%s%s", "^(a+)+$"),
]

DOUBLED = "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(24))
MERGED = "".join(f"{chr(98 + n)}: &{chr(98 + n)} {{<<: [{', '.join(['*' + chr(97 + n)] * 9)}]}}\n" for n in range(9))

TEXTS = [
    "a: &a [x, x]\n" + DOUBLED,
    "a: &a {x: x}\n" + MERGED,
    "a: &a [*a]\n",
    "a: &a {b: *a}\n",
    "a: &a {<<: *a}\n",
    "servers: &a\n  - *a\n",
    "hosts: [" * 50_000,
    "- " * 50_000,
    "? " * 50_000,
    "{" * 50_000,
    "seed: " + "9" * 5_000,
    "seed: 0b_\n",
    "seed: !!int x\n",
    "seed: !!float x\n",
    "seed: .inf\n",
    "seed: -.nan\n",
    "seed: !!binary AAAA\n",
    "seed: !!python/object/apply:os.system [id]\n",
    "seed: !!timestamp 2026-99-99\n",
    "seed: 1\nseed: 2\n",
    "hosts: [{name: a, name: b}]\n",
    "hosts: [{name: a}, {name: a}]\n",
    "flavors: [{name: a, vcpus: 1, ram: 1, disk: 1}, {name: a, id: b, vcpus: 1, ram: 1, disk: 1}]\n",
    "flavors: [{name: b, vcpus: 1, ram: 1, disk: 1}, {name: a, id: b, vcpus: 1, ram: 1, disk: 1}]\n",
    "projects: [{name: demo}, {name: demo}]\n",
    "users: [{name: demo, roles: {demo: [emperor]}}]\n",
    "keypairs: [{name: k, user: demo}, {name: k, user: demo}]\n",
    "? [a]\n: b\n",
    "? {a: b}\n: b\n",
    "null: b\n",
    "1.5: b\n",
    'hosts: [{name: "\\ud800"}]\n',
    'hosts: [{name: "\\0"}]\n',
    "\0",
    "\x07: a\n",
    "--- {}\n--- {}\n",
    "%YAML 9.9\n---\n{}\n",
    "*a\n",
    "&a\n&a\n",
    "[1, 2",
    "'",
    "options: {instance_name_template: '%s%s'}\n",
    "options: {instance_name_template: no field}\n",
    "options: {password_pattern: '(a+)+\\1'}\n",
    "options: {default_availability_zone: {a: b}}\n",
    "options: {max_limit: " + "9" * 18 + "}\n",
    "options: {duration_jitter: .nan}\n",
    "options: {weight_classes: [[1]]}\n",
    "options: {weight_classes: '[[[1]]]'}\n",
    "options: {max_limit: null}\n",
    "options: {1: 2}\n",
    "x: " + "y" * 3_000_000,
    "hosts: [" + "{name: h}, " * 60_000 + "]",
]
"""Whole files, none of which is a scenario. The last one takes several seconds."""
