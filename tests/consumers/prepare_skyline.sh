#!/bin/sh
# Create what Skyline needs: its user in the cloud, its database, and the settings of nginx for its console.
# Usage: prepare_skyline.sh ADDRESS (where nginx listens, such as 127.0.0.1:9999), in a folder that contains skyline.yaml
# OS_AUTH_URL and the other variables must be those of an administrator.
set -eu

openstack project create --or-show service
openstack user create --project service --password secret skyline
openstack role add --user skyline --project service admin

export OS_CONFIG_DIR="$PWD"
package=$(python3 -c 'import skyline_apiserver; print(*skyline_apiserver.__path__)')
alembic --config "$package/db/alembic/alembic.ini" upgrade head
skyline-nginx-generator --listen-address "$1" --log-dir "$PWD" --output-file nginx.conf

# Skyline 9.0.0 lists domains only for users that have logged in, but its page for the login needs the list.
domains='location = /api/openstack/skyline/api/v1/contrib/domains { default_type application/json; return 200 '"'"'["Default"]'"'"'; }'
sed --in-place \
    --expression "s|/var/lib/skyline/skyline.sock|$PWD/skyline.sock|" \
    --expression "s|^pid .*|user $(id -un); pid $PWD/nginx.pid; daemon off;|" \
    --expression "/modules-enabled/d" \
    --expression "s|^ *location / {|$domains\n&|" nginx.conf
