"""The credentials of users besides passwords."""
