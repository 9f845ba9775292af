"""What a flavor and an image request together."""
