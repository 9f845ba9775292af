"""
HTTP server for OpenStack clients: an ASGI application on top of the API layer.

It uses no web framework: routes, errors and bodies are those of the API layer, which commands share. Starlette (58 ms
to import) would only forward requests.
"""
