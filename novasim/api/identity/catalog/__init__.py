"""The service catalog: services, their endpoints, and regions."""
