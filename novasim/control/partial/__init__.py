"""Undo of steps after which other callers have changed the cloud, too."""
