"""`python -m novasim`."""

from __future__ import annotations

from novasim.cli.main import main

if __name__ == "__main__":
    main()
