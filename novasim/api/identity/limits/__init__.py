"""Limits that the identity service keeps for other services. The simulated services have limits of their own."""
