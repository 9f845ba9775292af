"""
Writes the picture of Horizon that README shows.

Run: make picture
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.clients.horizon.visitor import Visitor
from tests.dashboard.process import DashboardProcess
from tests.processes import PLAIN

SIZE = {"width": 1440, "height": 610}
COLOURS = 64  # of the picture, which is then a third of its size
SERVER = "--flavor m1.tiny --image cirros --network private"
SCENE = f"""
    cloud init
    create web1 web2 web3 {SERVER}
    create db1 --flavor m1.small --image debian-12 --network private
    clock advance 60s
    resize web2 --flavor m1.small
    pause db1
    stop web3
    lock web1
    clock advance 60s
    create web4 {SERVER}
    clock advance 1s
"""


def write_screenshot(file: Path) -> None:
    """Play the scene, and take a picture of the list of instances."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        environment = {**os.environ, "NOVASIM_CLOCK": "manual"}
        for line in SCENE.strip().splitlines():
            words = [*PLAIN, "--cloud", "lab.json", *line.split()]
            subprocess.run(words, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
        dashboard = DashboardProcess(folder, NOVASIM_CLOCK="manual")
        try:
            with sync_playwright() as playwright:
                arguments = ["--no-sandbox"] if os.getuid() == 0 else []
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
                visitor = Visitor(browser.new_page(viewport=SIZE), dashboard, "demo")
                visitor.page.goto(f"{visitor.url}/project/instances/")
                visitor.page.locator('tr[data-display="web1"] .dropdown-toggle').wait_for()
                visitor.page.screenshot(path=file)
        finally:
            dashboard.stop()
    Image.open(file).convert("RGB").quantize(COLOURS).save(file, optimize=True)


if __name__ == "__main__":
    write_screenshot(Path(sys.argv[1]))
