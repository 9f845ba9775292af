"""The identity service, as far as servers need it: projects, users, roles, role assignments and tokens."""
