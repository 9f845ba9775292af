"""Groups of volumes, their types and snapshots."""
