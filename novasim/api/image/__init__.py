"""The image service, as far as servers need it."""
