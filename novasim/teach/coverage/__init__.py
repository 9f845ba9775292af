"""Coverage of the lifecycle: what the entries of a record have met of the action table, and what not."""
