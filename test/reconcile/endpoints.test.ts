import { describe, expect, test } from 'vitest';
import { readEndpointSlice, withFoundServers } from '../../src/desired/index.js';
import type { DeclaredVirtualService } from '../../src/desired/index.js';
import { virtualService } from '../desired/documents.js';
import { A, B, CHECKED, SECOND, start, WEB } from './health-bench.js';
import type { Spec } from './health-bench.js';

const TERMINATING = { ready: false, serving: true, terminating: true };

/** The object with the servers of one endpoint slice, by their conditions. */
function found(endpoints: Readonly<Record<string, object>>, spec: Partial<Spec> = {}): DeclaredVirtualService {
  const slice = readEndpointSlice({
    metadata: { name: 'web-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 80 }],
    endpoints: Object.entries(endpoints).map(([address, conditions]) => ({ addresses: [address], conditions })),
  });
  const document = virtualService('web', {
    addresses: ['10.0.0.1'],
    ports: [{ name: 'http', port: 80 }],
    realServersFrom: [{ endpointSlices: { serviceName: 'web' } }],
    ...spec,
  });
  return withFoundServers(document, () => (slice === undefined ? [] : [slice]));
}

describe('an endpoint that terminates and serves', () => {
  const DRAINING: Partial<Spec> = { drain: { timeoutSeconds: 60 } };

  test('gets no new connections for as long as it is listed, where nothing is said of drains', async () => {
    const bench = start();
    await bench.begin(found({ [A]: {}, [B]: {} }));
    await bench.declare(found({ [A]: {}, [B]: TERMINATING }));
    await bench.clock.advance(100 * SECOND);
    expect(await bench.servers()).toEqual([`${A} 1`, `${B} 0`]);
    await bench.declare(found({ [A]: {} }));
    expect(await bench.servers()).toEqual([`${A} 1`]);
  });

  test('drains until its connections end', async () => {
    const bench = start();
    await bench.begin(found({ [A]: {}, [B]: {} }, DRAINING));
    bench.kernel.setConnections(WEB, { address: B, port: 80 }, { active: 1 });
    await bench.declare(found({ [A]: {}, [B]: TERMINATING }, DRAINING));
    await bench.clock.advance(10 * SECOND);
    expect(await bench.servers()).toEqual([`${A} 1`, `${B} 0`]);
    bench.kernel.setConnections(WEB, { address: B, port: 80 }, { active: 0 });
    await bench.clock.advance(3 * SECOND);
    expect(await bench.servers()).toEqual([`${A} 1`]);
  });

  test('or until its time is up, which counts from when it began to terminate', async () => {
    const bench = start();
    await bench.begin(found({ [A]: {}, [B]: {} }, DRAINING));
    bench.kernel.setConnections(WEB, { address: B, port: 80 }, { active: 1 });
    await bench.declare(found({ [A]: {}, [B]: TERMINATING }, DRAINING));
    await bench.clock.advance(40 * SECOND);
    await bench.declare(found({ [A]: {} }, DRAINING));
    await bench.clock.advance(19 * SECOND);
    expect(await bench.servers()).toEqual([`${A} 1`, `${B} 0`]);
    await bench.clock.advance(2 * SECOND);
    expect(await bench.servers()).toEqual([`${A} 1`]);
  });

  test('is not added to a kernel that does not have it', async () => {
    const bench = start();
    await bench.begin(found({ [A]: {}, [B]: TERMINATING }, DRAINING));
    expect(await bench.servers()).toEqual([`${A} 1`]);
  });
});

describe('servers that are known from before the host was started anew alone', () => {
  function ofEarlierBoot(document: DeclaredVirtualService): DeclaredVirtualService {
    const { found: servers } = document;
    return servers === undefined ? document : { ...document, found: { ...servers, isOfEarlierBoot: true } };
  }

  test('fail until they pass; those that are named do not', async () => {
    const bench = start();
    const spec: Partial<Spec> = { ...CHECKED, realServers: [{ address: '192.168.0.3' }] };
    await bench.begin(ofEarlierBoot(found({ [A]: {}, [B]: {} }, spec)));
    expect(await bench.servers()).toEqual(['192.168.0.3 1']);
    await bench.pass(A);
    expect(await bench.servers()).toEqual([`${A} 1`, '192.168.0.3 1']);
  });

  test('are asked on and keep what was found out when the cluster tells them', async () => {
    const bench = start();
    await bench.begin(ofEarlierBoot(found({ [A]: {}, [B]: {} }, CHECKED)));
    await bench.pass(A);
    await bench.declare(found({ [A]: {}, [B]: {} }, CHECKED));
    expect(await bench.servers()).toEqual([`${A} 1`]);
    await bench.pass(B);
    expect(await bench.servers()).toEqual([`${A} 1`, `${B} 1`]);
  });

  test('are taken for what they were where nothing is checked', async () => {
    const bench = start();
    await bench.begin(ofEarlierBoot(found({ [A]: {} })));
    expect(await bench.servers()).toEqual([`${A} 1`]);
  });
});
