#!/usr/bin/env bash
# Resize all servers with a tag, one after the other. If one cannot be resized, all get their old flavor back.
# Usage: rolling_resize.sh TAG FLAVOR
set -euo pipefail

tag=$1
flavor=$2
resized=()

roll_back() {
    local server
    echo "Rolling back ${#resized[@]} servers."
    for server in ${resized[@]+"${resized[@]}"}; do
        openstack server resize revert "$server"
    done
}

for server in $(openstack server list --tags "$tag" --sort-column Name -f value -c Name); do
    echo "Resizing $server to $flavor."
    if ! openstack server resize --flavor "$flavor" --wait "$server" > /dev/null; then
        roll_back
        exit 1
    fi
    status=$(openstack server show "$server" -f value -c status)
    if [ "$status" != VERIFY_RESIZE ]; then
        echo "$server is $status."
        roll_back
        exit 1
    fi
    resized+=("$server")
done

for server in "${resized[@]}"; do
    openstack server resize confirm "$server"
done
openstack server list --tags "$tag" --sort-column Name -c Name -c Status -c Flavor
