"""The lifecycle as a graph, read from the action table: statuses are its nodes, actions its edges."""
