// A test that resets the cloud, steps the clock and injects a fault. Arguments: URL of the server. Prints JSON.
"use strict";
const { promisify } = require("util");
const pkgcloud = require("pkgcloud");

const options = {
  provider: "openstack", authUrl: `${process.argv[2]}/identity`, keystoneAuthVersion: "v3", region: "RegionOne",
  username: "demo", password: "secret", domainId: "default", projectDomainId: "default", tenantName: "demo",
};
const call = (client, name, ...words) => promisify(client[name]).call(client, ...words);

async function control(method, path, body) {
  const url = `${process.argv[2]}/novasim/${path}`;
  const headers = { "Content-Type": "application/json" };
  const response = await new Promise((resolve, reject) => {
    const request = require("http").request(url, { method, headers }, resolve);
    request.on("error", reject);
    request.end(body === undefined ? "" : JSON.stringify(body));
  });
  response.resume();
  if (response.statusCode >= 300) throw new Error(`${method} ${path}: ${response.statusCode}`);
}

async function main() {
  const named = (things, name) => things.find((each) => each.name === name);
  await control("POST", "reset", { seed: 7, clock: "manual" });
  const compute = pkgcloud.compute.createClient(options);
  const network = pkgcloud.network.createClient(options);
  const flavor = named(await call(compute, "getFlavors"), "m1.tiny");
  const image = named(await call(compute, "getImages"), "cirros");
  const lan = named(await call(network, "getNetworks"), "private");
  const status = async (id) => (await call(compute, "getServer", id)).status;

  const made = await call(compute, "createServer", { name: "node1", flavor, image, networks: [{ uuid: lan.id }] });
  const report = { created: await status(made.id) };
  await control("POST", "clock", { advance: "1m" });
  report["a minute later"] = await status(made.id);

  await control("POST", "clock", { mode: "stepping" });
  await control("POST", "fault", { does: "refuse", action: "reboot", code: 503, times: 1 });
  const reboot = () => call(compute, "rebootServer", made.id, { type: "SOFT" });
  report.refused = await reboot().then(() => false, (fault) => fault.statusCode === 503);
  await reboot();
  report.rebooted = await status(made.id);

  await control("POST", "reset");
  report.left = (await call(pkgcloud.compute.createClient(options), "getServers")).length;
  console.log(JSON.stringify(report));
}

main().catch((fault) => { console.error(fault); process.exit(1); });
