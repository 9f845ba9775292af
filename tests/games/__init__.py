"""Random games: many random requests, faults and outages, and invariants that are checked after each step."""
