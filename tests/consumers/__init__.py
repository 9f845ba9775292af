"""Services of OpenStack on top of `novasim serve`, as they are delivered. `make consumers` installs and runs them."""
