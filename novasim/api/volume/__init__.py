"""The volume service, as far as servers need it."""
