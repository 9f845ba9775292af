"""What every service says of its versions at its root, which is where clients begin."""
