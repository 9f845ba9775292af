"""Lists of servers: filters, order and pages."""
