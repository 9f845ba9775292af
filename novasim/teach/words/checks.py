"""
What to do when one of the named checks of the action table refuses, by its name.

{novasim}: as the same caller, {admin}: as an administrator; {server}, {host}: what it is about.
"""

from __future__ import annotations

REMEDIES: dict[str, str] = {
    "flavor_exists": "These flavors can be named: {novasim} flavor list",
    "flavor_keeps_a_disk": "A server with a disk of its own needs a flavor with a disk: {novasim} flavor list",
    "flavor_enabled": "The flavor is disabled; choose another one: {novasim} flavor list",
    "flavor_differs": "Choose a flavor that it does not have yet: {novasim} flavor list",
    "within_quota": "What is used, and what is allowed: {novasim} quota show",
    "flavor_fits_disk": "A disk cannot shrink; choose a flavor with as large a disk: {novasim} flavor list",
    "image_exists": "These images can be named: {novasim} image list",
    "image_fits": "Choose an image that is active, and that the flavor is large enough for: {novasim} image list",
    "key_exists": "These key pairs can be named: {novasim} keypair list",
    "was_resized": "There is no resize or migration that waits to be confirmed; see: {novasim} history {server}",
    "host_exists": "These hosts can be named: {admin} host list",
    "other_host": "Name another host, or none: {admin} host list",
    "not_the_same_host": "Name another host, or none: {admin} host list",
    "evacuation_host_exists": "These hosts can be named: {admin} host list",
    "source_is_down": "A server is evacuated only from a host that is down. To let it die: "
    "{admin} host set {host} --down",
    "source_answers": "Its host is down. Switch it on ({admin} host set {host} --up) or leave it: "
    "{admin} evacuate {server}",
    "zone_exists": "These zones can be named: {novasim} availability-zone list",
    "offloaded_for_placement": "Leave out zone and host: {novasim} unshelve {server}",
    "host_in_zone": "Hosts and their zones: {admin} host list",
    "rescue_image_usable": "These images can be named: {novasim} image list",
    "live_target_accepted": "What speaks against each host: {admin} host explain {server}",
    "has_the_volume": "What is attached to it: {novasim} show {server}",
    "powered_on": "Diagnostics come from a guest that runs: {novasim} plan {server} ACTIVE --run",
}
