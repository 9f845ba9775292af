"""Floating IPs and security groups of a server, set through the network service."""

from __future__ import annotations


def test_a_floating_ip_of_a_port_is_shown_by_the_server(play):
    def ask(*request, **more):
        return play.ask(*request, **more, service="network")

    server = play.create()
    public = play.find_id("network", "/v2.0/networks", "networks", "public")
    port = next(p for p in ask("GET", "/v2.0/ports").body["ports"] if p["device_id"] == server)
    body = {"floatingip": {"floating_network_id": public, "port_id": port["id"]}}
    floating = ask("POST", "/v2.0/floatingips", body).body["floatingip"]
    shown = play.ask("GET", f"/servers/{server}").body["server"]["addresses"]["private"]
    assert floating["floating_ip_address"] in [
        entry["addr"] for entry in shown if entry["OS-EXT-IPS:type"] == "floating"
    ]
    assert ask("POST", "/v2.0/floatingips", {"floatingip": {"floating_network_id": play.network}}).code == 400
    play.ask("DELETE", f"/servers/{server}")
    assert ask("GET", f"/v2.0/floatingips/{floating['id']}").body["floatingip"]["port_id"] is None


def test_security_groups_of_a_new_server_are_shown_and_in_use(play):
    def ask(*request, **more):
        return play.ask(*request, **more, service="network")

    group = ask("POST", "/v2.0/security-groups", {"security_group": {"name": "web"}}).body["security_group"]
    rule = {"security_group_rule": {"security_group_id": group["id"], "direction": "ingress", "protocol": "tcp"}}
    assert ask("POST", "/v2.0/security-group-rules", rule).code == 201
    assert ask("POST", "/v2.0/security-group-rules", rule).code == 409
    server = play.create(security_groups=[{"name": "web"}])
    assert play.ask("GET", f"/servers/{server}").body["server"]["security_groups"] == [{"name": "web"}]
    assert ask("DELETE", f"/v2.0/security-groups/{group['id']}").code == 409
    default = next(g for g in ask("GET", "/v2.0/security-groups").body["security_groups"] if g["name"] == "default")
    assert ask("DELETE", f"/v2.0/security-groups/{default['id']}").code == 409
