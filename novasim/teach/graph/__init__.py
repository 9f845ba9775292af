"""The lifecycle as a graph, computed from the action table: statuses are its nodes, actions its edges."""
