// The life of a server with openstack-wrapper. Arguments: URL of the server. Prints JSON.
"use strict";
const { promisify } = require("util");
const wrapper = require("openstack-wrapper");

const call = (client, name, ...words) => promisify(client[name]).call(client, ...words);

async function main() {
  const named = (things, name) => things.find((each) => each.name === name);
  const keystone = new wrapper.Keystone(`${process.argv[2]}/identity/v3`);
  const token = await call(keystone, "getToken", "admin", "secret");
  const project = named(await call(keystone, "listProjects", token.token), "admin");
  const scoped = await call(keystone, "getProjectTokenById", token.token, project.id);
  const url = (kind) => scoped.catalog.find((each) => each.type === kind).endpoints[0].url;
  const [nova, glance, neutron] = [
    new wrapper.Nova(url("compute"), scoped.token),
    new wrapper.Glance(`${url("image")}/v2`, scoped.token),
    new wrapper.Neutron(`${url("network")}/v2.0`, scoped.token),
  ];
  const image = named(await call(glance, "listImages"), "cirros");
  const flavor = named(await call(nova, "listFlavors"), "m1.tiny");
  const lan = named(await call(neutron, "listNetworks"), "private");
  const body = { server: { name: "node2", flavorRef: flavor.id, imageRef: image.id, networks: [{ uuid: lan.id }] } };
  const made = await call(nova, "createServer", body);
  const server = await call(nova, "getServer", made.id);
  await call(nova, "stopServer", made.id);
  const stopped = (await call(nova, "getServer", made.id)).status;
  await call(nova, "removeServer", made.id);
  const left = (await call(nova, "listServers")).map((each) => each.name);
  console.log(JSON.stringify({ status: server.status, stopped, left }));
}

main().catch((fault) => { console.error(fault); process.exit(1); });
