"""The paths below /novasim/remote: commands whose cloud is behind this server."""
