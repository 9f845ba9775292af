"""novasim in other people's test suites: pytest fixtures, and a server in a thread."""
