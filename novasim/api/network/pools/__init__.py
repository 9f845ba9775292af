"""Subnet pools, address scopes, and the allocation of subnets from pools."""
