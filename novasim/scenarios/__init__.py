"""Worlds described in a YAML file."""
