import { loadAll } from 'js-yaml';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHost } from '../cli/in-memory.js';
import type { Host } from '../cli/in-memory.js';
import { startApiServer } from './api-server.js';
import type { ApiServer, LoggedRequest } from './api-server.js';

let server: ApiServer;
let host: Host;
beforeAll(async () => {
  [server, host] = await Promise.all([startApiServer(), createHost()]);
});
afterAll(async () => {
  await Promise.all([server.close(), host.remove()]);
});

interface Role {
  readonly kind: string;
  readonly rules?: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

/** `patch ipvs-operator.io virtualservices/status`, for every combination that the roles have. */
function allowed(): readonly string[] {
  const roles = loadAll(readFileSync(new URL('../../deploy/base/roles.yaml', import.meta.url), 'utf8')) as Role[];
  return roles.flatMap(({ rules = [] }) =>
    rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group} ${resource}`)),
      ),
    ),
  );
}

function asRule({ verb, group, resource, subresource }: LoggedRequest): string {
  return `${verb} ${group} ${subresource === undefined ? resource : `${resource}/${subresource}`}`;
}

interface Found {
  readonly status?: { readonly directors?: readonly { readonly reason?: string }[] };
}

const SLICE = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
  addressType: 'IPv4',
  ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  endpoints: [{ addresses: ['198.51.100.7'], conditions: { ready: true } }],
};

test('the roles allow what a controller asks for, and nothing else', async () => {
  const labels = { 'kubernetes.io/metadata.name': 'default' };
  await server.request('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'default', labels },
  });
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a', labels: { 'ipvs-operator.io/director': '' } } };
  await server.request('POST', '/api/v1/nodes', node);
  await server.kubectl(['apply', '-f', new URL('../../deploy/samples', import.meta.url).pathname]);
  const ending = new AbortController();
  const running = host.runWith(
    { signal: ending.signal, environment: { POD_NAMESPACE: 'ipvs-operator', HOME: host.folder } },
    ...['run', '--kubernetes', '--kubeconfig', server.kubeconfig('controller'), '--node-name', 'a'],
    ...['--listen', 'none', '--state-dir', host.folder, '--data-dir', host.folder],
  );
  const asked = () => [...new Set(server.requests('controller').map(asRule))].sort();
  const reason = async () => {
    const { body } = await server.request(
      'GET',
      '/apis/ipvs-operator.io/v1alpha1/namespaces/default/virtualservices/found',
    );
    return (body as Found).status?.directors?.[0]?.reason;
  };
  const slices = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';
  const patiently = { timeout: 20_000, interval: 200 };
  try {
    // An Event that is repeated becomes a series.
    await expect.poll(reason, patiently).toBe('NoServers');
    await server.request('POST', slices, SLICE);
    await expect.poll(reason, patiently).toBe('Programmed');
    await server.request('DELETE', `${slices}/${SLICE.metadata.name}`);
    await expect.poll(reason, patiently).toBe('NoServers');
    // A lease is renewed after some seconds: that is the last verb of all.
    await expect.poll(asked, { timeout: 40_000, interval: 200 }).toEqual([...allowed()].sort());
  } finally {
    ending.abort();
    await running;
  }
});
