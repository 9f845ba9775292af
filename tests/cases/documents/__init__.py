"""Statements of Nova's documents, each tested with the sentence that makes it."""
