"""The environment variables that novasim reads, for `--help` and the manual page."""

from __future__ import annotations

ENVIRONMENT = {
    "NOVASIM_API_VERSION": "The microversion, as --api-version.",
    "NOVASIM_AS": "Who asks, as --as.",
    "NOVASIM_CLOCK": "The clock, for this command alone: real, manual or instant.",
    "NOVASIM_CLOUD": "The cloud file, as --cloud.",
    "NOVASIM_PAGER": "What shows lists longer than the terminal; cat for nothing. PAGER counts otherwise.",
    "NOVASIM_SEED": "The seed of a cloud that is made now: same seed, same commands, same ids and addresses.",
    "NOVASIM_TRACEBACK": "If set and not empty, a fault of novasim itself is shown with the place of its origin.",
    "COLUMNS": "How wide tables and help may be, instead of the width of the terminal.",
    "NO_COLOR": "If set and not empty, nothing is coloured.",
}
