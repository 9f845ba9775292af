"""`python -m novasim`, and the console script."""

from __future__ import annotations

import sys


def main() -> None:
    """Import and run the command; whoever interrupts even the import is not shown where that was."""
    try:
        from novasim.cli.main import main as command

        command()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
