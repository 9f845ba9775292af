"""
Key pairs: SSH keys and certificates, generated from seeded secrets and checked as Nova's libraries check them.
`passwords` has the hashes of passwords.

The key pairs are for tests and lessons only: they are not computed in constant time, and a secret is as guessable as
the cloud's seed. The package has no cryptographic library, because such a library takes no secret from outside to
generate a key, its import costs a command 0.1 s and more, and the one-file build could not contain it. Tests compare
the package with the library `cryptography` where it is installed.
"""
