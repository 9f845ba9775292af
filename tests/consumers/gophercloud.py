"""The acceptance tests of gophercloud, from a checkout of version 2 or from the package of Debian."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

CHECKOUT = os.environ.get("GOPHERCLOUD", "")
GOPATH = Path("/usr/share/gocode")  # packages of Debian
DEBIAN = GOPATH / "src/github.com/gophercloud/gophercloud"
TOOLCHAIN = Path(sys.prefix) / "go" / "bin" / "go"  # where `make consumers` installs Go
TIMEOUT = 900  # seconds to compile the tests of a service, or to run them; each takes less than four minutes
OUTCOME = re.compile(r"^--- (PASS|FAIL|SKIP): (\S+)", re.MULTILINE)
EXPECTATIONS = Path(__file__).parent / "expectations"


class Source:
    """
    Source code of gophercloud.

    Attributes:
        version: "2" or "0.12".
    """

    def __init__(self) -> None:
        self.folder = Path(CHECKOUT).resolve() if CHECKOUT else DEBIAN
        self.version = "2" if CHECKOUT else "0.12"
        self._go = str(TOOLCHAIN) if TOOLCHAIN.exists() else shutil.which("go")

    @property
    def obstacle(self) -> str:
        """Why the tests cannot run here; "" if they can."""
        if not self._go:
            return "Go is not installed: make consumers"
        return "" if self._tests.is_dir() else f"no source of gophercloud in {self.folder}"

    @property
    def _tests(self) -> Path:
        return self.folder / ("internal/acceptance" if CHECKOUT else "acceptance") / "openstack"

    def list_packages(self) -> list[str]:
        """The packages of tests that are run: those of the expectations."""
        return list(dict.fromkeys(package for package, _, _ in self._read_expectations()))

    def list_expected_failures(self, package: str) -> set[str]:
        """The tests of a package that fail because they need what novasim, or this machine, does not have."""
        return {test for name, test, _ in self._read_expectations() if name == package and test != "-"}

    def _read_expectations(self) -> Iterator[tuple[str, str, str]]:
        lines = (EXPECTATIONS / f"gophercloud-{self.version}.txt").read_text("utf-8").splitlines()
        for line in lines:
            if line and not line.startswith("#"):
                package, test, reason = line.split(maxsplit=2)
                yield package, test, reason

    def run(self, package: str, folder: Path, settings: Mapping[str, str]) -> tuple[dict[str, str], str]:
        """
        Compile the tests of a package and run them.

        Args:
            folder: Where the program and the cache of the compiler are kept.

        Returns:
            The outcome of each test (PASS, FAIL, SKIP), and the output.
        """
        program = folder / f"{package.replace('/', '-')}.test"
        command = [self._go or "", "test", "-vet=off", "-c", "-tags=fixtures acceptance", "-o", program, "."]
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(folder),
            "GOCACHE": str(folder / "cache"),
        }
        kept = {name: value for name, value in os.environ.items() if name.startswith("GO")} if CHECKOUT else {}
        modules = kept if CHECKOUT else {"GOPATH": str(GOPATH), "GO111MODULE": "off"}
        compiled = self._execute(command, package, {**environment, **modules})
        assert program.exists(), compiled
        output = self._execute([program, "-test.v"], package, {**environment, **settings})
        return {test: outcome for outcome, test in OUTCOME.findall(output)}, output

    def _execute(self, command: list[str | Path], package: str, settings: Mapping[str, str]) -> str:
        return subprocess.run(
            command,
            cwd=self._tests / package,
            env=settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=TIMEOUT,
            check=False,
        ).stdout
