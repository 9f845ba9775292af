"""Install the collection openstack.cloud and its openstacksdk into a folder. Argument: the folder."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "ansible==12.3.0"  # has openstack.cloud 2.5.0, and 80 collections that are not needed
COLLECTION = "ansible_collections/openstack/"
REQUIREMENTS = Path(__file__).parent / "requirements.txt"


def pip(*words: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "pip", words[0], "-qq", "--no-deps", *words[1:]], check=True)


def install(folder: str) -> None:
    """Raises CalledProcessError: pip cannot install or download a package."""
    pip("install", "--upgrade", "--target", folder, "--requirement", REQUIREMENTS)
    with tempfile.TemporaryDirectory() as downloads:
        pip("download", "--dest", downloads, PACKAGE)
        (wheel,) = Path(downloads).glob("ansible-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder, [name for name in archive.namelist() if name.startswith(COLLECTION)])


if __name__ == "__main__":
    install(sys.argv[1])
