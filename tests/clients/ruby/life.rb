# The life of a server with fog-openstack. Argument: URL of the server. Prints JSON.
require "fog/openstack"
require "json"

options = {
  openstack_auth_url: "#{ARGV[0]}/identity", openstack_username: "demo", openstack_api_key: "secret",
  openstack_project_name: "demo", openstack_domain_name: "Default", openstack_region: "RegionOne",
}
compute = Fog::OpenStack::Compute.new(**options)
network = Fog::OpenStack::Network.new(**options)
report = {}
named = ->(things, name) { things.find { |each| each.name == name } }

key = compute.key_pairs.create(name: "fog")
report[:key] = !key.private_key.nil?
server = compute.servers.create(
  name: "node4", key_name: "fog", flavor_ref: named.(compute.flavors, "m1.tiny").id, metadata: { "role" => "web" },
  image_ref: named.(compute.images, "cirros").id, nics: [{ net_id: named.(network.networks, "private").id }]
)
server.wait_for(20, 1) { ready? }
report[:listed] = compute.servers.all(name: "node4").map(&:name)
report[:metadata] = compute.list_metadata("servers", server.id).body["metadata"]
begin
  server.start
rescue Excon::Error::Conflict => fault
  report[:refusal] = JSON.parse(fault.response.body)["conflictingRequest"]["message"].sub(server.id, "ID")
end

server.resize(named.(compute.flavors, "m1.small").id)
report[:resized] = server.reload.state
server.confirm_resize
report[:confirmed] = server.reload.state

disk = compute.volumes.create(name: "disk4", description: "", size: 1)
server.attach_volume(disk.id, nil)
report[:attached] = server.volume_attachments.map { |each| each["device"] }
report[:in_use] = disk.reload.status
server.detach_volume(disk.id)
disk.destroy

port = network.ports.all(device_id: server.id).first
address = network.floating_ips.create(floating_network_id: named.(network.networks, "public").id, port_id: port.id)
report[:floating] = server.reload.floating_ip_addresses == [address.floating_ip_address]
address.destroy

server.destroy
key.destroy
disks = compute.list_volumes_detail.body["volumes"]
report[:left] = compute.servers.map(&:name) + compute.key_pairs.map(&:name) + disks.map { |each| each["displayName"] }
puts JSON.generate(report)
