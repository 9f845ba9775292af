"""novasim as a library: `from novasim import Cloud`."""
