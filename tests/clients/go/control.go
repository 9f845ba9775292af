// A test that resets the cloud, steps the clock and injects a fault. Reads the variables OS_*. Prints JSON.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/gophercloud/gophercloud"
	"github.com/gophercloud/gophercloud/openstack/compute/v2/extensions/startstop"
	"github.com/gophercloud/gophercloud/openstack/compute/v2/servers"
	"github.com/gophercloud/utils/openstack/clientconfig"
	"github.com/gophercloud/utils/openstack/imageservice/v2/images"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// control sends a request to the simulation and returns its answer.
func control(method, path string, body map[string]interface{}) map[string]interface{} {
	content, err := json.Marshal(body)
	check(err)
	url := strings.TrimSuffix(os.Getenv("OS_AUTH_URL"), "/identity/v3") + "/novasim/" + path
	request, err := http.NewRequest(method, url, bytes.NewReader(content))
	check(err)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	check(err)
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		check(fmt.Errorf("%s %s: %s", method, path, response.Status))
	}
	answer := map[string]interface{}{}
	json.NewDecoder(response.Body).Decode(&answer)
	return answer
}

func connect(service string) *gophercloud.ServiceClient {
	client, err := clientconfig.NewServiceClient(service, nil)
	check(err)
	return client
}

func main() {
	report := map[string]interface{}{}
	control("POST", "reset", map[string]interface{}{"seed": 7, "clock": "manual"})
	compute, image := connect("compute"), connect("image")
	status := func(id string) string {
		server, err := servers.Get(compute, id).Extract()
		check(err)
		return server.Status
	}

	cirros, err := images.IDFromName(image, "cirros")
	check(err)
	compute.Microversion = "2.37"
	server, err := servers.Create(compute, servers.CreateOpts{
		Name: "node1", FlavorRef: "1", ImageRef: cirros, Networks: "auto",
	}).Extract()
	check(err)
	report["created"] = status(server.ID)
	control("POST", "clock", map[string]interface{}{"advance": "1m"})
	report["a minute later"] = status(server.ID)

	control("POST", "clock", map[string]interface{}{"mode": "stepping"})
	control("POST", "fault", map[string]interface{}{"does": "refuse", "action": "stop", "code": 503, "times": 1})
	var unavailable gophercloud.ErrDefault503
	report["refused"] = errors.As(startstop.Stop(compute, server.ID).ExtractErr(), &unavailable)
	check(startstop.Stop(compute, server.ID).ExtractErr())
	report["stopped"] = status(server.ID)

	control("POST", "reset", nil)
	pages, err := servers.List(connect("compute"), nil).AllPages()
	check(err)
	left, err := servers.ExtractServers(pages)
	check(err)
	report["left"] = len(left)
	check(json.NewEncoder(os.Stdout).Encode(report))
}
