"""Security groups of the network service, and their rules."""
