"""The placement service: the resources of hosts and their allocations."""
