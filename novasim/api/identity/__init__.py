"""The identity service: projects, users, roles, assignments, as far as a server's life needs them."""
