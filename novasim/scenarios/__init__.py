"""Scenarios: worlds described in YAML files."""
