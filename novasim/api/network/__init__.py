"""The network service, as far as servers need it."""
