import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApiServer } from './api-server.js';
import type { ApiServer } from './api-server.js';

// What the other suites rely on, of the lab's API server.

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server.close());

const node = (name: string, labels: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
});

test('nodes and namespaces are of the core group', async () => {
  const made = await server.request('POST', '/api/v1/nodes', node('a', { role: 'director' }));
  expect(made).toMatchObject({ status: 201, body: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' } } });
  const list = await server.request('GET', '/api/v1/nodes?labelSelector=role%3Ddirector');
  expect(list).toMatchObject({ status: 200, body: { apiVersion: 'v1', kind: 'NodeList', items: [{ kind: 'Node' }] } });
  const missing = await server.request('GET', '/api/v1/nodes/nobody');
  expect(missing).toMatchObject({ status: 404, body: { message: 'nodes "nobody" not found' } });
  expect(JSON.stringify([made, list, missing])).not.toContain('core.lab');
});

test('kubectl knows them, labels them and applies them', async () => {
  expect(await server.kubectl(['create', 'namespace', 'shop'])).toMatchObject({ status: 0 });
  expect(await server.kubectl(['get', 'namespaces', '-o', 'name'])).toMatchObject({ stdout: 'namespace/shop\n' });
  const text = JSON.stringify(node('b', { zone: 'one' }));
  expect(await server.kubectl(['apply', '--server-side', '-f', '-'], text)).toMatchObject({ status: 0 });
  expect(await server.kubectl(['label', 'node', 'b', 'zone=two', '--overwrite'])).toMatchObject({ status: 0 });
  const labels = await server.kubectl(['get', 'node', 'b', '-o', 'jsonpath={.metadata.labels}']);
  expect(labels.stdout).toBe('{"zone":"two"}');
});

test('what was asked for is told in the words of RBAC', async () => {
  await server.kubectl(['get', 'leases.coordination.k8s.io', '-n', 'shop']);
  expect(server.requests('kubectl')).toContainEqual({
    user: 'kubectl',
    verb: 'list',
    group: 'coordination.k8s.io',
    resource: 'leases',
    namespace: 'shop',
  });
  expect(server.requests('test')).toContainEqual(
    expect.objectContaining({ verb: 'create', group: '', resource: 'nodes' }),
  );
});

test('a server that crashes comes back with what it had', async () => {
  await server.stop();
  await expect(server.request('GET', '/api/v1/nodes/a')).rejects.toThrow();
  await server.start();
  expect(await server.request('GET', '/api/v1/nodes/a')).toMatchObject({ status: 200 });
});
