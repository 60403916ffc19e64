import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatAddress } from '../../src/model/index.js';
import { BAD_DOCUMENTS } from '../desired/bad-documents.js';
import { GOOD_DOCUMENTS } from '../desired/good-documents.js';
import { startApiServer } from './api-server.js';
import type { ApiAnswer, ApiServer } from './api-server.js';

// The API server refuses what `validate` refuses and takes what it takes: test/desired/bad-documents.test.ts is the other
// half of this.

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server.close());

const API = '/apis/ipvs-operator.io/v1alpha1';

/** As kubectl asks: unknown fields are errors. */
function create(kind: string, name: string, spec: unknown, query = 'fieldValidation=Strict'): Promise<ApiAnswer> {
  const path = kind === 'Director' ? 'directors' : 'namespaces/shop/virtualservices';
  const object = { apiVersion: 'ipvs-operator.io/v1alpha1', kind, metadata: { name }, spec };
  return server.request('POST', `${API}/${path}?${query}`, object);
}

test.each(BAD_DOCUMENTS.map((document) => [document.name, document] as const))(
  '%s is refused',
  async (_, { kind, spec, path, says, server: differs = {} }) => {
    const { status, body } = await create(kind, 'bad', spec);
    const { message } = body as { readonly message: string };
    expect([400, 422], message).toContain(status);
    expect(message).toContain(differs.says ?? says);
    expect(message).toMatch(placed(differs.path ?? path));
  },
);

/** A place in the API server's message; it writes keys of lists and maps in its own ways. */
function placed(path: string): RegExp {
  return new RegExp(`(^|[ "[])${path.replaceAll(/[.[\]]/g, '\\$&')}("|:)`);
}

test.each(GOOD_DOCUMENTS.map((document, i) => [`${document.kind} ${document.metadata.name}`, document, i] as const))(
  '%s is taken',
  async (_, { kind, spec }, i) => {
    expect(await create(kind, `good-${i}`, spec)).toMatchObject({ status: 201 });
  },
);

test('every address in the text that this program writes is taken', async () => {
  const bytes = fc.oneof(
    fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }),
    fc.array(fc.oneof(fc.constant(0), fc.nat(255)), { minLength: 16, maxLength: 16 }),
  );
  const texts = fc
    .sample(bytes, { numRuns: 16 * 24, seed: 7 })
    .map((numbers) => formatAddress(Uint8Array.from(numbers)));
  for (let i = 0; i < texts.length; i += 16) {
    const addresses = [...new Set(texts.slice(i, i + 16))];
    const answer = await create('VirtualService', `addresses-${i}`, { addresses, ports: [{ port: 80 }] });
    expect(answer).toMatchObject({ status: 201 });
  }
});

test('the largest service is taken, at the cost that its rules may have', async () => {
  const address = (i: number) => `2001:db8:1111:2222:3333:4444:5555:${(0x1000 + i).toString(16)}`;
  const many = (count: number) => Array.from({ length: count }, (_, i) => i);
  const forwarding = { method: 'Tunnel', tunnel: { type: 'GUE', gue: { port: 6080 } } };
  const spec = {
    addresses: many(16).map(address),
    ports: many(64).map((i) => ({ name: `p${i}`, port: 1 + i, targetPort: 1 + i })),
    realServers: many(1024).map((i) => ({ address: address(i), forwarding })),
    sorryServers: many(16).map((i) => ({ address: address(i), forwarding })),
    slowStart: { durationSeconds: 60 },
  };
  expect(await create('VirtualService', 'largest', spec)).toMatchObject({ status: 201 });
});

test('what is derived is not written into objects', async () => {
  const { body } = await create('VirtualService', 'small', {
    addresses: ['10.0.0.1'],
    ports: [{ port: 80 }],
    persistence: {},
    realServers: [{ address: '192.168.0.1' }],
  });
  expect(body).toMatchObject({
    spec: {
      scheduler: 'wlc',
      ports: [{ port: 80, protocol: 'TCP' }],
      // 0 says "the target port", which is looked up where the server is placed.
      realServers: [{ address: '192.168.0.1', port: 0, weight: 1, state: 'Enabled', crossFamily: false }],
    },
  });
  const { spec } = body as { readonly spec: { readonly ports: readonly object[]; readonly persistence: object } };
  expect(spec.ports).toEqual([{ port: 80, protocol: 'TCP' }]);
  expect(spec.persistence).toEqual({ timeoutSeconds: 300 });
});

test('kubectl shows virtual services in columns, by their short name and their category', async () => {
  await create('VirtualService', 'web', { addresses: ['10.0.0.9'], ports: [{ port: 80 }], scheduler: 'wrr' });
  const summary = { addresses: '10.0.0.9', ports: '80', protocols: 'TCP', ready: '2/3', directors: '1/1' };
  const path = `${API}/namespaces/shop/virtualservices/web/status`;
  const written = await server.request('PATCH', path, { status: { summary } }, 'application/merge-patch+json');
  expect(written).toMatchObject({ status: 200, body: { status: { summary } } });
  const { stdout } = await server.kubectl(['get', 'ipvs', 'web', '-n', 'shop']);
  const [head, row] = stdout.split('\n').map((line) => line.trim().split(/ {2,}/));
  expect(head).toEqual(['NAME', 'VIP', 'PORTS', 'PROTO', 'SCHED', 'READY', 'DIRECTORS', 'AGE']);
  expect(row?.slice(0, 7)).toEqual(['web', '10.0.0.9', '80', 'TCP', 'wrr', '2/3', '1/1']);
  const all = await server.kubectl(['get', 'ipvs-operator', '-n', 'shop', '-o', 'name']);
  expect(all.stdout).toContain('virtualservice.ipvs-operator.io/web\n');
});

test('the status belongs to its subresource', async () => {
  const path = `${API}/namespaces/shop/virtualservices/web`;
  const patch = { status: { summary: { ready: '9/9' } } };
  const { body } = await server.request('PATCH', path, patch, 'application/merge-patch+json');
  expect(body).not.toMatchObject(patch);
});

test('kubectl explains every field', async () => {
  for (const resource of ['virtualservices', 'directors']) {
    const { stdout } = await server.kubectl(['explain', `${resource}.spec`, '--recursive=false']);
    expect(stdout).toContain('What is wanted.');
    const { body } = await server.request('GET', '/openapi/v3/apis/ipvs-operator.io/v1alpha1');
    const schemas = (body as { readonly components: { readonly schemas: Readonly<Record<string, Schema>> } }).components
      .schemas;
    const kind = resource === 'directors' ? 'Director' : 'VirtualService';
    const schema = schemas[`io.ipvs-operator.v1alpha1.${kind}`];
    expect(undescribed(schema?.properties?.['spec'] ?? {}, 'spec')).toEqual([]);
  }
});

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

function undescribed(schema: Schema, path: string): readonly string[] {
  return Object.entries(schema.properties ?? schema.items?.properties ?? {}).flatMap(([name, field]) => {
    const here = `${path}.${name}`;
    return [...(field.description === undefined ? [here] : []), ...undescribed(field, here)];
  });
}
