"""novasim graph: options, files and errors."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tests import each_case


def test_the_whole_lifecycle_as_text(new_user):
    shown = new_user("graph").stdout
    assert shown.startswith("(new)\n└─▶ BUILD")
    assert "├─▶ SHUTOFF            stop, evacuate! (admin)\n" in shown
    assert not new_user.path.exists()  # no cloud is needed for it


@pytest.mark.parametrize(
    ("form", "beginning"),
    [
        ("mermaid", "stateDiagram-v2\n"),
        ("dot", "digraph lifecycle {\n"),
        ("svg", "<svg "),
        ("text", "(new)\n"),
    ],
)
def test_formats(user, form, beginning):
    assert user(f"graph -f {form}").stdout.startswith(beginning)


def test_part_of_the_lifecycle(user):
    assert user("graph --around paused").stdout == user("graph --around PAUSED -f text").stdout
    both = user("graph --actions pause,unpause").stdout
    assert both == user("graph --actions unpause --actions 'pause, unpause'").stdout
    assert "resize" not in both


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("life.svg", "<svg "),
        ("LIFE.DOT", "digraph"),
        ("life.gv", "digraph"),
        ("life.mmd", "stateDiagram"),
        ("life", "(new)"),
    ],
)
def test_file_suffix_decides_the_format(user, tmp_path, name, beginning):
    assert user(f"graph -o {tmp_path / name}").stdout == ""
    assert (tmp_path / name).read_text("utf-8").startswith(beginning)


def test_format_option_overrides_the_suffix(user, tmp_path):
    user(f"graph -f dot --output {tmp_path / 'life.svg'}")
    assert (tmp_path / "life.svg").read_text("utf-8").startswith("digraph")
    assert user("graph -f dot -o -").stdout == (tmp_path / "life.svg").read_text("utf-8")
    assert user("graph -f dot -o /dev/stdout").stdout == user("graph -f dot").stdout


def test_path_of_a_server(user):
    user.create("web1")
    user("stop web1")
    shown = user("graph --server web1").stdout
    assert shown.startswith("web1 is SHUTOFF.\nIts path:\n   1  create: (new) → BUILD\n")
    assert "   3  stop: ACTIVE → SHUTOFF\n" in shown
    assert ">The life of web1</text>" in user("graph --server web1 -f svg").stdout
    assert user("--as admin graph --server web1").stdout == shown


def test_running_task_of_a_server(user, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    user("create web1 --flavor m1.tiny --image cirros")
    shown = user("graph --server web1 --around BUILD").stdout
    assert shown.startswith("web1 is BUILD (scheduling).\n")
    assert "create! (running)" in shown


def test_failure_in_the_path(user):
    user("fault add spawn")
    user("create web1 --flavor m1.tiny --image cirros")
    assert "   2  create (failed): BUILD → ERROR\n" in user("graph --server web1").stdout


def test_graph_changes_nothing(user):
    user.create("web1")
    before = user.path.read_bytes()
    user("graph --server web1 -f svg")
    assert user.path.read_bytes() == before


@each_case(
    ("line", "code", "message"),
    [
        ("graph --around ACTVE", 2, "novasim: There is no status 'ACTVE'. Did you mean ACTIVE"),
        ("graph --around stopped", 2, "novasim: stopped is a vm_state; its status is SHUTOFF."),
        ("graph --around ''", 2, "novasim: --around needs a status."),
        ("graph --actions resise", 2, "novasim: There is no action 'resise'. Did you mean resize"),
        ("graph --actions resize,", 2, "novasim: --actions needs names of actions, separated by commas."),
        ("graph --actions ''", 2, "novasim: --actions needs"),
        (
            "graph --around PAUSED --actions resize",
            2,
            "novasim: None of these actions leads to, from or through PAUSED: resize.",
        ),
        ("graph --server nosuch", 3, "novasim: Instance nosuch could not be found."),
        ("graph -f /no/such", 2, "novasim: --format cannot be '/no/such'. Choose from: text, "),
        (
            "graph -o /no/such/folder/life.svg",
            2,
            "novasim: /no/such/folder/life.svg cannot be written: No such file or directory.",
        ),
        ("graph -o life.png", 2, "novasim: graph cannot write .png files. Known extensions: .txt, .mmd"),
        ("graph -o ''", 2, "novasim: --output needs the name of a file."),
    ],
)
def test_invalid_arguments_are_refused(user, line, code, message):
    done = user.run(line)
    assert (done.exit_code, done.stdout) == (code, "")
    assert done.stderr.startswith(message) or code == 2
    assert message.removeprefix("novasim: ") in done.stderr


def test_width_and_colour(user, monkeypatch):
    monkeypatch.setenv("COLUMNS", "72")
    shown = user("graph").stdout
    assert 60 < max(map(len, shown.splitlines())) <= 72
    assert "\x1b[" in user("--color always graph").stdout
    assert "\x1b[" not in shown


def test_existing_file_is_replaced_only_with_force(user, tmp_path):
    file = tmp_path / "life.svg"
    file.write_text("mine")
    assert "replace it with --force" in user(f"graph -o {file}", code=2).stderr
    assert file.read_text() == "mine"
    file.chmod(0o640)
    user(f"graph -o {file} --force")
    assert file.read_text().startswith("<svg ")
    assert file.stat().st_mode & 0o777 == 0o640


def test_link_is_not_followed(user, tmp_path):
    file, link = tmp_path / "mine.txt", tmp_path / "life.svg"
    file.write_text("mine")
    link.symlink_to(file)
    assert "It is not a regular file" in user(f"graph -o {link} --force", code=2).stderr
    assert file.read_text() == "mine"


def test_refusal_leaves_the_file_alone(user, tmp_path):
    file = tmp_path / "life.svg"
    file.write_text("mine")
    user(f"graph --around NOSUCH -o {file}", code=2)
    user(f"graph --server nosuch -o {file}", code=3)
    assert file.read_text() == "mine"


def test_server_of_another_project_is_not_found(user):
    user("--as admin create hidden --flavor m1.tiny --image cirros")
    assert "could not be found" in user("graph --server hidden", code=3).stderr


def test_svg_of_a_server_is_well_formed(user):
    user("create 'a<b>&c' --flavor m1.tiny --image cirros")
    ET.fromstring(user("graph --server 'a<b>&c' -f svg").stdout)


def test_simple_leaves_out_actions_that_keep_the_status(user):
    assert "stays" in user("graph").stdout
    for form in ("text", "mermaid", "dot"):
        drawn = user(f"graph --simple -f {form}").stdout
        assert "pause" in drawn
        assert "create-image" not in drawn
    assert ">create-image<" not in user("graph --simple -f svg").stdout


def test_simple_with_an_action_that_keeps_the_status(user):
    failed = user("graph --simple --actions reboot", code=2)
    assert "None of these actions changes the status: reboot." in failed.stderr


def test_the_stage_is_svg_for_all_servers(user, tmp_path):
    assert 'data-status="VERIFY_RESIZE"' in user("graph -f svg --stage").stdout
    assert user(f"graph --stage -o {tmp_path / 'stage.svg'}").stdout == ""
    assert "--stage needs -f svg." in user("graph --stage", code=2).stderr
    assert "exclude each other" in user("graph -f svg --stage --server web1", code=2).stderr


def test_a_server_that_was_deleted_during_its_build_has_a_path(user, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    id = user("create web1 --flavor m1.tiny --image cirros -q").stdout.strip()
    user("clock advance 1s")
    user("delete web1")
    path = user(f"graph --server {id}").stdout.partition("\n\n")[0].splitlines()
    assert path == [
        f"{id} is DELETED.",
        "Its path:",
        "   1  create: (new) → BUILD",
        "   2  delete: BUILD → DELETED",
    ]
    user("graph --server web1", 3)
