"""The image service, as far as a server's life needs it."""
