"""The placement service: what the hosts have, and who holds it."""
