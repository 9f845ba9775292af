"""Clouds of other tests in databases."""
