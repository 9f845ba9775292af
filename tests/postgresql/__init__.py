"""A private PostgreSQL server for tests, and the tests that need only that server."""
