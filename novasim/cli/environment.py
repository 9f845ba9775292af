"""The environment variables that novasim reads, for `--help` and the manual page."""

from __future__ import annotations

ENVIRONMENT = {
    "NOVASIM_API_VERSION": "The microversion, as --api-version.",
    "NOVASIM_AS": "The caller, as --as.",
    "NOVASIM_CLASSROOM": "The classroom, as --room of the commands of classroom.",
    "NOVASIM_CLOCK": "The clock for this command only: real, manual or instant; for serve also stepping.",
    "NOVASIM_CLOUD": "The cloud, as --cloud.",
    "NOVASIM_LEARNER": "The learner's name, if several learners share an account.",
    "NOVASIM_LESSON": "The lesson whose goals each command checks. The lesson's shell sets it.",
    "NOVASIM_LESSONS": "Folders with further lessons, separated as in PATH.",
    "NOVASIM_PAGER": "The pager for output longer than the terminal. It overrides PAGER; cat disables paging.",
    "NOVASIM_RECORD": "A file for a record of all requests, or a folder in which every process has a file.",
    "NOVASIM_SEED": "The seed of a new cloud. The same seed and the same commands give the same ids and addresses.",
    "NOVASIM_TRACEBACK": "If not empty, an internal error of novasim is shown with its traceback.",
    "COLUMNS": "The width of tables and help, instead of the terminal's.",
    "NO_COLOR": "If not empty, the output has no colours.",
}
