"""Scenarios: each part of the format, and each status in which a server can begin."""
