"""Validation of the extra specs of flavors (from 2.86)."""
