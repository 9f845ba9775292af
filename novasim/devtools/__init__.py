"""Generators of checked-in files: manual pages, completions, the picture of the lifecycle, exact.md."""
