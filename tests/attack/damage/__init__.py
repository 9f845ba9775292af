"""Attacks with damaged cloud files: cut off, changed, or with wrong values."""
