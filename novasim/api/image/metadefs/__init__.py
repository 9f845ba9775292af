"""Metadata definitions of the image service: namespaces of properties, objects and tags for types of resources."""
