"""The command request, and the exit codes of all HTTP codes."""

from __future__ import annotations

import json
import os

import pytest

from novasim.errors import EXIT_BY_HTTP

EXIT_CODES = """
    3   404
    4   409
    5   401 403 413 429
    6   400 405 406 415 421
    10  501 410
    1   500
    9   502 503 504
"""  # by hand, from the table of exit codes in the manual


def test_exit_codes_are_those_of_the_manual():
    rows = [line.split() for line in EXIT_CODES.strip().splitlines()]
    assert {int(http): int(code) for code, *https in rows for http in https} == EXIT_BY_HTTP


@pytest.mark.parametrize(("http", "code"), [(400, 6), (500, 1), (503, 9)])
def test_injected_refusal_leads_to_the_faults(user, server, http, code):
    user(f"fault add --action reboot --refuse {http}")
    assert "List the faults: novasim fault list" in user("reboot web1", code).stderr
    user(f'request POST /servers/{server}/action \'{{"reboot": {{"type": "SOFT"}}}}\'', code)


def test_failing_image_service_leads_to_the_faults(user):
    user("fault add image-service")
    error = user("create web2 --flavor m1.tiny --image cirros", 1).stderr
    assert "Nova's rules allow this; an injected fault refused it.\n  List the faults: novasim fault list" in error


def test_explanation_of_503_names_both_causes(user):
    page = user.json("explain 503")
    assert page["exit_code"] == 9
    assert "fault list" in page["helps"] and "cloud check" in page["helps"]


@pytest.fixture
def server(user):
    return user.create("web1")["id"]


def test_body_is_printed_as_json(user, server):
    done = user(f"request GET /servers/{server}")
    assert json.loads(done.stdout) == {"server": user.json("show web1")}


def test_query_is_part_of_the_path(user, server):
    assert json.loads(user("request get '/servers?status=SHUTOFF'").stdout) == {"servers": []}
    assert len(json.loads(user("request get '/servers?name=web1&limit=1'").stdout)["servers"]) == 1


@pytest.mark.parametrize("form", ["text", "file", "input"])
def test_body_of_the_request(user, server, tmp_path, form):
    text = '{"pause": null}'
    (tmp_path / "body.json").write_text(text)
    word = {"text": f"'{text}'", "file": f"@{tmp_path / 'body.json'}", "input": "-"}[form]
    assert user(f"request POST /servers/{server}/action {word}", input=text).stdout == ""
    assert user.status() == "PAUSED"


def test_refusal_is_the_body_on_stderr(user, server):
    done = user(f"request POST /servers/{server}/action '{{\"unpause\": null}}'", 4)
    assert done.stdout == ""
    assert json.loads(done.stderr)["conflictingRequest"]["code"] == 409
    user("request GET /servers/nope", 3)
    user(f"request POST /servers/{server}/action '{{\"os-getVNCConsole\": {{}}}}'", 3)
    user("request GET /os-hypervisors", 5)


def test_caller_and_microversion_are_the_global_options(user, server):
    assert json.loads(user("--as admin request GET /os-hypervisors").stdout)["hypervisors"]
    assert "locked" not in json.loads(user(f"--api-version 2.8 request GET /servers/{server}").stdout)["server"]


def test_other_services(user):
    assert json.loads(user("request GET /v2.0/networks --service network").stdout)["networks"]
    error = json.loads(user("request GET /v2.0/networks/nope --service network", 3).stderr)
    assert error["NeutronError"]["type"] == "NetworkNotFound"


def test_code_and_headers_are_shown_on_request(user, server):
    body = json.dumps({"createImage": {"name": "copy"}})
    lines = user(f"--api-version 2.44 request POST /servers/{server}/action '{body}' -i").stdout.splitlines()
    assert lines[0] == "202"
    assert any(line.startswith("Location: ") for line in lines)


@pytest.mark.parametrize("line", ["GET servers", "FETCH /servers", "POST /servers {", "POST /servers @/nonexistent"])
def test_wrong_usage(user, line):
    assert user(f"request {line}", 2).stderr.startswith("novasim: ")


@pytest.mark.parametrize("line", ["request POST /servers @{}", "cloud init --force --scenario {}"])
@pytest.mark.parametrize("file", ["/dev/zero", "pipe"])
def test_file_without_an_end_is_not_read(user, tmp_path, line, file):
    path = tmp_path / file
    if file == "pipe":
        if not hasattr(os, "mkfifo"):
            pytest.skip("needs a system with pipes as files")
        os.mkfifo(path)
    assert "It is not a regular file" in user(line.format(path), 2).stderr


def test_endless_input_is_read_up_to_the_limit(user):
    assert "larger than 16 MiB" in user("request POST /servers -", 2, input=" " * (16 * 2**20 + 1)).stderr
