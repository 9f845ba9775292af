"""Trusts: what they grant, how they are passed on, and their requests."""
