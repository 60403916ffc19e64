// A virtual service on several real servers. A dead one is taken out until it answers again; while none answers, a sorry
// server stands in.
//
//     node build/examples/thesis.js VIRTUAL_ADDRESS SORRY_SERVER REAL_SERVER...
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { openIpvs } from 'ipvs-operator';
import type { IpvsServer } from 'ipvs-operator';

const [virtualAddress = '', sorryAddress = '', ...addresses] = process.argv.slice(2);
const ipvs = await openIpvs();
const web = await ipvs.addService({ address: virtualAddress, port: 80, scheduler: 'rr' });
const servers = addresses.map((address) => web.server({ address }));
const sorry = web.server({ address: sorryAddress });
const inService = new Set<IpvsServer>();

async function place(server: IpvsServer, wanted: boolean): Promise<void> {
  if (inService.has(server) === wanted) return;
  if (wanted) await web.addServer(server.key);
  else await server.delete();
  inService[wanted ? 'add' : 'delete'](server);
  console.log(`${server.toString()} is ${wanted ? 'in' : 'out'}`);
}

function answers({ key }: IpvsServer): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: key.address, port: key.port, timeout: 1000 });
    const end = (alive: boolean) => () => {
      socket.destroy();
      resolve(alive);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
}

process.once('SIGTERM', () => void web.delete().then(() => process.exit()));
for (;;) {
  const alive = await Promise.all(servers.map(answers));
  const none = !alive.includes(true);
  if (none) await place(sorry, true);
  for (const [i, server] of servers.entries()) await place(server, alive[i] === true);
  if (!none) await place(sorry, false);
  await setTimeout(500);
}
