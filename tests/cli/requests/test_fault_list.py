"""What `fault list` shows of each kind of fault."""

from __future__ import annotations

FAULTS = {
    "bad-gateway --path /servers*": "answer 502,/servers*",
    "--answer 503 --method GET": "answer 503,GET",
    "--delay 2.5 --method PUT --path /flavors": "delay 2.5 s,PUT /flavors",
    "--slow 3 --action resize": "slow x 3,",
    "--refuse 409 --action stop": "refuse 409,",
    "spawn": "fail,",
}


def test_the_list_tells_faults_of_a_kind_apart(user):
    for words in FAULTS:
        user(f"fault add {words}")
    lines = user("fault list -f csv -c Does,Requests").stdout.splitlines()[1:]
    assert [line.replace('"', "") for line in lines] == list(FAULTS.values())
