#!/bin/sh
# Install Debian packages, as root on a machine with apt-get. Otherwise, say which are missing.
# Usage: install_packages.sh PACKAGE...
dpkg-query --show "$@" >/dev/null 2>&1 && exit
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing $* ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null &&
        exit
fi
echo "Without the Debian packages $*, some tests are skipped." >&2
