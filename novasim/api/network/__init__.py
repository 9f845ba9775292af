"""The network service, as far as a server's life needs it."""
