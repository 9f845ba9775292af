"""The report on a cloud: one HTML page that needs neither script nor network."""
