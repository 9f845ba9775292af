#!/usr/bin/env bash
# Rebuild all servers of a dead compute host on other hosts. Needs an administrator.
#
# The version of the API is that before 2.95. Since then, Nova leaves an evacuated server stopped, and the client would
# wait for ACTIVE without end.
# Usage: evacuate_host.sh HOST
set -euo pipefail

host=$1

read -r status state < <(
    openstack compute service list --host "$host" --service nova-compute -f value -c Status -c State
) || true
if [ "$state" != down ]; then
    echo "nova-compute on $host is ${state:-unknown}. Nothing to evacuate." >&2
    exit 3
fi
if [ "$status" = enabled ]; then
    openstack compute service set --disable --disable-reason "host is dead" "$host" nova-compute
fi

failed=0
for server in $(openstack server list --all-projects --host "$host" --sort-column Name -f value -c ID); do
    name=$(openstack server show "$server" -f value -c name)
    if openstack --os-compute-api-version 2.94 server evacuate --wait "$server" > /dev/null; then
        eval "$(openstack server show "$server" -f shell -c status -c OS-EXT-SRV-ATTR:host)"
        echo "$name: $status on $os_ext_srv_attr_host"
    else
        echo "$name: failed"
        failed=$((failed + 1))
    fi
done

left=$(openstack server list --all-projects --host "$host" -f value -c ID | wc -l)
echo "$failed failed, $left left on $host."
[ "$failed" -eq 0 ]
