// Configuration as code: documents made by a loop, and the plan that would lead there, without touching a kernel. The fake
// kernel stands in for the real one; with `openIpvsKernel()` instead, the last lines change the table of this host.
import { deriveWanted, formatPlan, planChanges, readDocuments } from 'ipvs-operator';
import { createFakeKernel } from 'ipvs-operator/testing';

const live = process.argv[2] === 'green' ? 'green' : 'blue';
const colours = { blue: [1, 2, 3], green: [101, 102] };

const service = {
  apiVersion: 'ipvs-operator.io/v1alpha1',
  kind: 'VirtualService',
  metadata: { name: 'web' },
  spec: {
    addresses: ['192.0.2.10'],
    ports: [{ port: 80, targetPort: 8080 }],
    realServers: Object.entries(colours).flatMap(([colour, hosts]) =>
      hosts.map((host) => ({ address: `198.51.100.${host}`, weight: colour === live ? 1 : 0 })),
    ),
  },
};

const { documents, issues } = await readDocuments('blue-green.json', JSON.stringify(service));
for (const issue of issues) console.error(`${issue.path}: ${issue.message}`);
const { wanted } = await deriveWanted(documents);

const kernel = createFakeKernel();
const observed = { services: await kernel.readTable(), timeouts: null, daemons: null, sysctls: null };
const plan = planChanges({ wanted, observed, owned: new Map(), options: { set: 'default' } });
for (const line of formatPlan(plan)) console.log(line);

const results = await kernel.apply(plan.changes.map(({ operation }) => operation));
console.log(results.every(({ status }) => status === 'Done') ? 'done' : results);
