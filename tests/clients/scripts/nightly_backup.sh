#!/usr/bin/env bash
# Create an image of each server whose property backup is nightly, and a snapshot of each of its volumes. Keep only the
# newest ones.
#
# Since microversion 3.66, Cinder needs no --force for a volume in use; python-openstackclient 10 does not send it.
# Usage: nightly_backup.sh DATE KEEP
set -euo pipefail

date=$1
keep=$2

prune() { # the names of the backups, newest first, on standard input; the command that deletes one
    tail -n "+$((keep + 1))" | while read -r name; do
        echo "Deleting $name."
        "$@" "$name"
    done
}

openstack server list --long --sort-column Name -f json -c Name -c Properties |
    python3 -c 'import json, sys
for server in json.load(sys.stdin):
    if server["Properties"].get("backup") == "nightly":
        print(server["Name"])' |
    while read -r server; do
        openstack server image create --name "$server-$date" --wait "$server" > /dev/null
        openstack image set --property backup_of="$server" "$server-$date"
        openstack image list --property backup_of="$server" --sort name:desc -f value -c Name |
            prune openstack image delete
        for volume in $(openstack server volume list "$server" -f value -c 'Volume ID'); do
            openstack --os-volume-api-version 3.66 volume snapshot create --volume "$volume" "$server-$date" > /dev/null
            openstack volume snapshot list --volume "$volume" --sort-column Name --sort-descending -f value -c Name |
                prune openstack volume snapshot delete
        done
    done
openstack image list --private --sort name:asc -c Name -c Status
openstack volume snapshot list --sort-column Name -c Name -c Status -c Size
