"""HTTP server for OpenStack clients: an ASGI application on top of the API layer, without a web framework."""
