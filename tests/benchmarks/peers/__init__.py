"""Other simulators, measured beside novasim: mimic (Rackspace's Nova) and moto (EC2), both in memory."""
