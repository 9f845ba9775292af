#!/usr/bin/env bash
# Stop a server and start it again. A conflict (409) is tried again; any other error is reported at once.
# Usage: retry_conflict.sh SERVER
set -uo pipefail

attempts=3

retry() {
    local attempt message code
    for ((attempt = 1; attempt <= attempts; attempt++)); do
        message=$("$@" 2>&1) && return 0
        code=$?
        case $message in
            *"409: Client Error"*) echo "Attempt $attempt: conflict." ;;
            *)
                echo "$message" >&2
                return $code
                ;;
        esac
        sleep "0.$attempt"
    done
    echo "Gave up after $attempts attempts." >&2
    return $code
}

server=$1
retry openstack server stop "$server" || exit
echo "$server: $(openstack server show "$server" -f value -c status)"
retry openstack server start "$server" || exit
echo "$server: $(openstack server show "$server" -f value -c status)"
