"""
Writes the picture of the live page that README shows.

Run: make picture
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from tests.serve.server_process import ServerProcess

SIZE = {"width": 1280, "height": 650}
SERVER = "--flavor m1.tiny --image cirros --network private"
SCENE = f"""
    cloud init --seed 7
    record start
    create web1 web2 web3 db1 db2 {SERVER}
    --as admin create ops1 ops2 ops3 {SERVER}
    clock advance 20s
    resize web2 --flavor m1.small
    pause db1
    stop web3
    --as admin suspend ops1
    --as admin shelve ops2
    clock advance 20s
    --as admin rescue ops3
    clock advance 20s
    create web4 {SERVER}
    clock advance 2s
    reboot web1 --hard
    clock advance 1s
"""
LIVE = ("start web3", "pause web2")
"""Commands while the page is open. The last command is refused."""


def write_screenshot(file: Path) -> None:
    """Play the scene, and take a picture of the page at its end."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "lab.json")
        for line in SCENE.strip().splitlines():
            _run(path, line)
        server = ServerProcess(path, "--live", "open", NOVASIM_CLOCK="manual")
        try:
            with sync_playwright() as playwright:
                arguments = ["--no-sandbox"] if os.getuid() == 0 else []
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
                _show(browser.new_page(viewport=SIZE, color_scheme="light"), server)
                browser.contexts[0].pages[0].screenshot(path=file)
        finally:
            server.stop()


def _show(page: Page, server: ServerProcess) -> None:
    page.goto(f"{server.url}/live")
    page.get_by_text("connected", exact=True).wait_for()
    for line in LIVE:
        page.wait_for_timeout(1500)  # markers move, and the record begins
        _run(server.path, line)
    page.locator("#flash").wait_for()
    page.wait_for_timeout(1700)  # the marker shakes


def _run(path: Path, line: str) -> None:
    """Run a command line, which may be refused."""
    environment = {**os.environ, "NOVASIM_CLOCK": "manual", "NOVASIM_CLOUD": str(path)}
    command = [sys.executable, "-m", "novasim", *line.split()]
    subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    write_screenshot(Path(sys.argv[1]))
