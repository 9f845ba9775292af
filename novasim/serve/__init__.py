"""The face for OpenStack clients: HTTP over the door, without a web framework. It holds no rule and no fact of Nova."""
