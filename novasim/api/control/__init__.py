"""
Control of the simulation over HTTP, for tests in other languages: state, seed, clock and faults.

These are not requests of OpenStack. Their paths begin with /novasim, and they act on the whole cloud, so only an
administrator is allowed to send them.
"""
