"""
The metadata service of Nova: what a guest reads about itself, from the network or from a config drive.

`novasim metadata` and programs read it by the server's id. The package `guest` answers as the service itself does.

Source: nova/api/metadata/base.py.
"""
