// The life of a server with gophercloud. Reads the variables OS_*. Prints JSON.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/gophercloud/gophercloud"
	"github.com/gophercloud/gophercloud/openstack"
	"github.com/gophercloud/gophercloud/openstack/blockstorage/v3/volumes"
	"github.com/gophercloud/gophercloud/openstack/compute/v2/extensions/keypairs"
	"github.com/gophercloud/gophercloud/openstack/compute/v2/extensions/startstop"
	"github.com/gophercloud/gophercloud/openstack/compute/v2/extensions/volumeattach"
	"github.com/gophercloud/gophercloud/openstack/compute/v2/servers"
	"github.com/gophercloud/gophercloud/openstack/networking/v2/extensions/layer3/floatingips"
	"github.com/gophercloud/gophercloud/openstack/networking/v2/ports"
	"github.com/gophercloud/utils/openstack/clientconfig"
	"github.com/gophercloud/utils/openstack/compute/v2/flavors"
	"github.com/gophercloud/utils/openstack/imageservice/v2/images"
	"github.com/gophercloud/utils/openstack/networking/v2/networks"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func find(idFromName func(*gophercloud.ServiceClient, string) (string, error), client *gophercloud.ServiceClient, name string) string {
	id, err := idFromName(client, name)
	check(err)
	return id
}

func connect(service string) *gophercloud.ServiceClient {
	client, err := clientconfig.NewServiceClient(service, nil)
	check(err)
	return client
}

func main() {
	compute, image, network := connect("compute"), connect("image"), connect("network")
	volume, err := openstack.NewBlockStorageV3(compute.ProviderClient, gophercloud.EndpointOpts{Region: os.Getenv("OS_REGION_NAME")})
	check(err)
	report := map[string]interface{}{}
	status := func(id string) string {
		server, err := servers.Get(compute, id).Extract()
		check(err)
		return server.Status
	}

	key, err := keypairs.Create(compute, keypairs.CreateOpts{Name: "gopher"}).Extract()
	check(err)
	report["key"] = key.PrivateKey != ""
	lan := find(networks.IDFromName, network, "private")
	server, err := servers.Create(compute, keypairs.CreateOptsExt{
		CreateOptsBuilder: servers.CreateOpts{
			Name:      "node3",
			FlavorRef: find(flavors.IDFromName, compute, "m1.tiny"),
			ImageRef:  find(images.IDFromName, image, "cirros"),
			Networks:  []servers.Network{{UUID: lan}},
			Metadata:  map[string]string{"role": "web"},
		},
		KeyName: "gopher",
	}).Extract()
	check(err)
	check(servers.WaitForStatus(compute, server.ID, "ACTIVE", 20))
	var conflict gophercloud.ErrDefault409
	if err := startstop.Start(compute, server.ID).ExtractErr(); errors.As(err, &conflict) {
		report["refusal"] = strings.Replace(string(conflict.Body), server.ID, "ID", 1)
	}

	pages, err := servers.List(compute, servers.ListOpts{Name: "node3"}).AllPages()
	check(err)
	listed, err := servers.ExtractServers(pages)
	check(err)
	report["listed"], report["metadata"] = len(listed), listed[0].Metadata

	check(servers.Resize(compute, server.ID, servers.ResizeOpts{FlavorRef: find(flavors.IDFromName, compute, "m1.small")}).ExtractErr())
	report["resized"] = status(server.ID)
	check(servers.ConfirmResize(compute, server.ID).ExtractErr())
	report["confirmed"] = status(server.ID)

	disk, err := volumes.Create(volume, volumes.CreateOpts{Size: 1, Name: "disk3"}).Extract()
	check(err)
	attachment, err := volumeattach.Create(compute, server.ID, volumeattach.CreateOpts{VolumeID: disk.ID}).Extract()
	check(err)
	report["device"] = attachment.Device
	check(volumeattach.Delete(compute, server.ID, disk.ID).ExtractErr())
	check(volumes.Delete(volume, disk.ID, nil).ExtractErr())

	pages, err = ports.List(network, ports.ListOpts{DeviceID: server.ID}).AllPages()
	check(err)
	found, err := ports.ExtractPorts(pages)
	check(err)
	address, err := floatingips.Create(network, floatingips.CreateOpts{
		FloatingNetworkID: find(networks.IDFromName, network, "public"),
		PortID:            found[0].ID,
	}).Extract()
	check(err)
	server, err = servers.Get(compute, server.ID).Extract()
	check(err)
	report["addresses"] = len(server.Addresses["private"].([]interface{}))
	check(floatingips.Delete(network, address.ID).ExtractErr())

	check(servers.Delete(compute, server.ID).ExtractErr())
	check(keypairs.Delete(compute, "gopher").ExtractErr())
	_, err = servers.Get(compute, server.ID).Extract()
	var missing gophercloud.ErrDefault404
	report["gone"] = errors.As(err, &missing)
	check(json.NewEncoder(os.Stdout).Encode(report))
}
