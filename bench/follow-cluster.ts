/**
 * `node follow-cluster.js APISERVER FOLDER`: the controller on a cluster of 10,000 VirtualServices, in a folder that
 * fill-cluster.js has left: the first fill from an empty table beside what listing alone takes, and changes of one
 * weight. Prints figures, a name and a value each.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiServer } from './api-server.js';
import { Controlled, floor, median, record } from './controlled.js';
import { NAMESPACE, SERVERS, SERVICES, serverAddress, serviceName } from './inputs.js';

const EDITS = 7;
const PAGE_SIZE = 500;
const COLLECTION = '/apis/ipvs-operator.io/v1alpha1/virtualservices';

const [program = '', folder = ''] = process.argv.slice(2);

/** Lists all objects in pages, as a client of the API server does that then has them as objects. */
async function listAll(server: ApiServer): Promise<number> {
  const started = performance.now();
  let count = 0;
  let token: string | undefined;
  do {
    const query = new URLSearchParams({
      limit: String(PAGE_SIZE),
      ...(token === undefined ? {} : { continue: token }),
    });
    const { text } = await server.must('GET', `${COLLECTION}?${query.toString()}`);
    const page = JSON.parse(text) as { readonly items: readonly unknown[]; readonly metadata: { continue?: string } };
    count += page.items.length;
    token = page.metadata.continue === '' ? undefined : page.metadata.continue;
  } while (token !== undefined);
  if (count !== SERVICES) throw new Error(`${count} objects were listed`);
  return (performance.now() - started) / 1000;
}

/** Gives the first server of a service the weight 2: from the API server's answer to the kernel. */
async function changeWeight(server: ApiServer, service: number): Promise<number> {
  const servers = Array.from({ length: SERVERS }, (_, i) => ({
    address: serverAddress(service, i),
    port: 0,
    weight: i === 0 ? 2 : 1,
    state: 'Enabled',
    crossFamily: false,
  }));
  const arrival = floor('when', service, SERVERS, SERVERS + 1);
  await sleep(500);
  const path = `/apis/ipvs-operator.io/v1alpha1/namespaces/${NAMESPACE}/virtualservices/${serviceName(service)}`;
  const patch = { spec: { realServers: servers } };
  const { answeredAt } = await server.must('PATCH', path, patch, 'application/merge-patch+json');
  const seconds = (await arrival) - answeredAt;
  console.error(`the weight of a server of ${serviceName(service)}: ${seconds} s`);
  return Math.max(0, seconds);
}

const server = new ApiServer(program, folder);
await server.ready();
// The first list is what fills the API server's own cache.
await listAll(server);
record('cluster-list.seconds', await listAll(server));

const started = performance.now();
const flags = [
  '--kubernetes',
  '--kubeconfig',
  server.kubeconfig(),
  '--node-name',
  'bench',
  '--node-labels',
  'role=edge',
];
const controller = new Controlled(flags, { POD_NAMESPACE: NAMESPACE });
await controller.answering();
record('cluster-start.seconds', (performance.now() - started) / 1000);
const reading = performance.now();
const pause = await controller.pauseDuring(() => floor('wait', SERVICES - 1, SERVERS, SERVERS));
record('cluster-fill.seconds', (performance.now() - reading) / 1000);
record('cluster-fill.pause-milliseconds', pause);
await controller.settled(SERVICES);
await sleep(10_000);
const edits: number[] = [];
for (let edit = 0; edit < EDITS; edit++) {
  edits.push(await changeWeight(server, SERVICES - 1 - edit * 1234));
  await sleep(3000);
}
record('object-edit.seconds', median(edits));
record('cluster-controller.megabytes', controller.peakMegabytes());
await controller.stop();
await server.stop();
