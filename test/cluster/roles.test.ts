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
  try {
    // A lease is renewed after some seconds: that is the last verb of all.
    await expect.poll(asked, { timeout: 40_000, interval: 200 }).toEqual([...allowed()].sort());
  } finally {
    ending.abort();
    await running;
  }
});
