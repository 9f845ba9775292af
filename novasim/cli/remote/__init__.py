"""Commands on a cloud behind a server."""
