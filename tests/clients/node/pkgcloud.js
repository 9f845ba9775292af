// The life of a server with pkgcloud. Arguments: URL of the server. Prints JSON.
"use strict";
const { promisify } = require("util");
const pkgcloud = require("pkgcloud");

const options = {
  provider: "openstack", authUrl: `${process.argv[2]}/identity`, keystoneAuthVersion: "v3", region: "RegionOne",
  username: "demo", password: "secret", domainId: "default", projectDomainId: "default", tenantName: "demo",
};
const compute = pkgcloud.compute.createClient(options);
const network = pkgcloud.network.createClient(options);
const call = (client, name, ...words) => promisify(client[name]).call(client, ...words);

async function main() {
  const named = (things, name) => things.find((each) => each.name === name);
  const flavor = named(await call(compute, "getFlavors"), "m1.tiny");
  const image = named(await call(compute, "getImages"), "cirros");
  const lan = named(await call(network, "getNetworks"), "private");
  const made = await call(compute, "createServer", { name: "node1", flavor, image, networks: [{ uuid: lan.id }] });
  const server = await call(compute, "getServer", made.id);
  const listed = (await call(compute, "getServers")).map((each) => each.name);
  await call(compute, "rebootServer", server, { type: "HARD" });
  const keys = await call(compute, "addKey", { name: "pkgcloud" }).then(() => call(compute, "listKeys"));
  await call(compute, "destroyKey", "pkgcloud");
  await call(compute, "destroyServer", server.id);
  const left = (await call(compute, "getServers")).map((each) => each.name);
  console.log(JSON.stringify({ status: server.status, listed, keys: keys.length, left }));
}

main().catch((fault) => { console.error(fault); process.exit(1); });
