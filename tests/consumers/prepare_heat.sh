#!/bin/sh
# Create what Heat needs in a cloud: its own user, its roles, its endpoint, and a domain for the users of stacks.
# Usage: prepare_heat.sh URL PASSWORD (the address of Heat's API, the password of its users)
# OS_AUTH_URL and the other variables must be those of an administrator.
set -eu

openstack project create --or-show service
openstack user create --project service --password "$2" heat
openstack role add --user heat --project service admin
openstack role create heat_stack_owner
openstack role create heat_stack_user
openstack role add --user demo --project demo heat_stack_owner
openstack service create --name heat orchestration
openstack endpoint create --region RegionOne orchestration public "$1/v1/%(tenant_id)s"
heat-keystone-setup-domain --stack-domain-admin-password "$2"
