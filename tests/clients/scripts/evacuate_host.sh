#!/usr/bin/env bash
# Rebuild all servers of a dead compute host on other hosts. Needs an administrator.
#
# Since microversion 2.95, Nova leaves an evacuated server stopped; 2.94 restores its state. The script does not use
# --wait, because python-openstackclient 10 compares "active" with "ACTIVE" and never returns.
# Usage: evacuate_host.sh HOST
set -euo pipefail

host=$1

wait_until_moved() {
    local attempt
    for attempt in {1..60}; do
        eval "$(openstack server show "$1" -f shell -c name -c status -c OS-EXT-SRV-ATTR:host)"
        if [ "$os_ext_srv_attr_host" != "$host" ] && [ "$status" != REBUILD ]; then
            return 0
        fi
        sleep 5
    done
    return 1
}

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
    if openstack --os-compute-api-version 2.94 server evacuate "$server" > /dev/null && wait_until_moved "$server"; then
        echo "$name: $status on $os_ext_srv_attr_host"
    else
        echo "$server: failed"
        failed=$((failed + 1))
    fi
done

left=$(openstack server list --all-projects --host "$host" -f value -c ID | wc -l)
echo "$failed failed, $left left on $host."
[ "$failed" -eq 0 ]
