"""
The metadata service as guests ask it: at the server's root, without a token.

As behind Neutron's metadata proxy, signed headers name the guest. Its address does not: clients of novasim are no
guests, and the address of a laptop may be that of a simulated server.

Source: nova/api/metadata/handler.py.
"""
