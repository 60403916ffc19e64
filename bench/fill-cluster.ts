/**
 * `node fill-cluster.js APISERVER KUBECTL FOLDER`: leaves in the folder the data of an API server with 10,000
 * VirtualServices, whose statuses say already what the node `bench` would say, and whose conditions another node sums
 * up: a cluster that has been at rest. Does nothing where the folder is complete.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApiServer } from './api-server.js';
import { NAMESPACE, SERVERS, SERVICES, serviceName, virtualServiceObject } from './inputs.js';

const PARALLEL = 8;
const API = '/apis/ipvs-operator.io/v1alpha1';
const DEFINITIONS = ['../../crds', '../../test/lab/apiserver/crds'].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);
const NODE_ENTRY = {
  node: 'bench',
  observedGeneration: 1,
  programmed: 1,
  healthy: SERVERS,
  total: SERVERS,
  reason: 'Programmed',
  message: '',
};

const [program = '', kubectl = '', folder = 'cluster'] = process.argv.slice(2);
const complete = join(folder, 'complete');

async function createAll(server: ApiServer): Promise<void> {
  let next = 0;
  const collection = `${API}/namespaces/${NAMESPACE}/virtualservices`;
  const createSome = async (): Promise<void> => {
    for (let service = next++; service < SERVICES; service = next++) {
      await server.must('POST', collection, virtualServiceObject(service));
      await server.must(
        'PATCH',
        `${collection}/${serviceName(service)}/status`,
        { status: { directors: [NODE_ENTRY] } },
        'application/merge-patch+json',
      );
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, createSome));
}

if (!existsSync(complete)) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const server = new ApiServer(program, folder);
  await server.ready();
  const command = ['--kubeconfig', server.kubeconfig(), '--cache-dir', join(folder, 'cache')];
  for (const definitions of DEFINITIONS) {
    const how = definitions.endsWith('apiserver/crds') ? '-f' : '-k';
    execFileSync(kubectl, [...command, 'apply', '--server-side', how, definitions], { stdio: 'inherit' });
  }
  const waiting = ['wait', '--for=condition=Established', 'crd', '--all'];
  execFileSync(kubectl, [...command, ...waiting], { stdio: 'inherit' });
  await createAll(server);
  const lease = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'ipvs-operator', namespace: NAMESPACE },
    spec: {
      holderIdentity: 'another',
      leaseDurationSeconds: 86_400,
      renewTime: new Date().toISOString().replace('Z', '000Z'),
    },
  };
  await server.must('POST', `/apis/coordination.k8s.io/v1/namespaces/${NAMESPACE}/leases`, lease);
  await server.stop();
  writeFileSync(complete, '');
}
