#!/usr/bin/env bash
# Delete everything that has a tag: servers, the floating IPs and ports, and volumes with the property of that name.
# Usage: clean_up.sh TAG
set -euo pipefail

tag=$1

for server in $(openstack server list --tags "$tag" -f value -c ID --sort-column Name); do
    eval "$(openstack server show "$server" -f shell -c name -c locked -c status --prefix server_)"
    if [ "$server_locked" = True ]; then
        echo "Unlocking $server_name."
        openstack server unlock "$server"
    fi
    echo "Deleting $server_name ($server_status)."
    openstack server delete --wait "$server"
done
for kind in "floating ip" port; do
    # shellcheck disable=SC2086 # the words of a command
    ids=$(openstack $kind list --tags "$tag" -f value -c ID)
    if [ -n "$ids" ]; then
        # shellcheck disable=SC2086
        openstack $kind delete $ids
        echo "Deleted $(echo "$ids" | wc -l) x $kind."
    fi
done
openstack volume list --property tag="$tag" -f csv --quote none -c Name -c Status --sort-column Name | tail -n +2 |
    while IFS=, read -r name status; do
        if [ "$status" != available ]; then
            echo "$name is $status." >&2
            continue
        fi
        openstack volume delete "$name"
        echo "Deleted $name."
    done

openstack server list -f value -c Name --sort-column Name
openstack volume list -f value -c Name --sort-column Name
