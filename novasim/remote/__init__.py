"""
Clouds behind `novasim serve`, for the command line: their addresses, and requests to the control interface.

Only a command whose cloud is an address beginning with http:// or https:// imports this package.
"""
