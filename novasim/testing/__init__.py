"""pytest fixtures and an in-process server for other projects' test suites."""
