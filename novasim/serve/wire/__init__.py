"""
HTTP conventions of the OpenStack services: paths, headers, microversions, bodies and tokens.

Nothing here uses a socket or ASGI. `novasim.serve` reads requests from ASGI and sends responses to it.
"""
