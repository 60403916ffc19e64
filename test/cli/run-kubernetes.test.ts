import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RESOURCE_PATHS } from '../../src/adapters/kubernetes/resources.js';
import { ScriptedCluster } from '../adapters/kubernetes/scripted-cluster.js';
import { createHost } from './in-memory.js';
import type { CommandResult, Host } from './in-memory.js';
import { manifest } from './manifests.js';

vi.setConfig({ testTimeout: 60_000 });

let host: Host;
let cluster: ScriptedCluster;
let ending: AbortController;
let log: string;
let running: Promise<CommandResult> | undefined;

beforeEach(async () => {
  host = await createHost();
  cluster = await ScriptedCluster.start();
  ending = new AbortController();
  log = '';
});

afterEach(async () => {
  ending.abort();
  await running;
  running = undefined;
  await cluster.close();
  await host.remove();
});

async function kubeconfig(): Promise<string> {
  return host.write(
    'kubeconfig',
    `clusters: [{name: c, cluster: {server: '${cluster.client.server}'}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
users: [{name: u, user: {}}]
current-context: c
`,
  );
}

function start(...flags: readonly string[]): Promise<CommandResult> {
  const folders = ['--state-dir', join(host.folder, 'state'), '--data-dir', join(host.folder, 'data')];
  const changes = {
    signal: ending.signal,
    onStderr: (text: string) => (log += text),
    environment: { NODE_NAME: 'node-a' },
  };
  running = host.runWith(changes, 'run', '--listen', 'none', ...folders, ...flags);
  return running;
}

function put(name: string, address: string): void {
  cluster.put(RESOURCE_PATHS.virtualservices, {
    apiVersion: 'ipvs-operator.io/v1alpha1',
    kind: 'VirtualService',
    metadata: { name, namespace: 'shop' },
    spec: { addresses: [address], ports: [{ port: 80 }], nodeSelector: { matchLabels: { role: 'edge' } } },
  } as never);
}

async function expectKeys(...expected: readonly string[]): Promise<void> {
  await vi.waitFor(async () => {
    expect([...(await host.kernel.readTable()).keys()].sort()).toEqual(expected);
  }, 20_000);
}

describe('run --kubernetes', () => {
  it('follows the cluster beside files, with the labels of the Node that NODE_NAME names', async () => {
    cluster.put(RESOURCE_PATHS.nodes, { metadata: { name: 'node-a', labels: { role: 'edge' } } });
    cluster.put(RESOURCE_PATHS.nodes, { metadata: { name: 'node-b', labels: { role: 'core' } } });
    put('web', '10.0.0.1');
    const file = await host.write('own.yaml', manifest('own', { addresses: '[10.0.0.2]' }));
    void start('--kubernetes', '--kubeconfig', await kubeconfig(), '-f', file);
    await expectKeys('TCP 10.0.0.1:80', 'TCP 10.0.0.2:80');
    cluster.put(RESOURCE_PATHS.nodes, { metadata: { name: 'node-b', labels: { role: 'edge' } } });
    cluster.put(RESOURCE_PATHS.nodes, { metadata: { name: 'node-a', labels: { role: 'core' } } });
    await expectKeys('TCP 10.0.0.2:80');
    ending.abort();
    expect(await running).toMatchObject({ exitCode: 0 });
  });

  it('reads no Node where --node-labels says the labels', async () => {
    put('web', '10.0.0.1');
    void start('--kubernetes', '--kubeconfig', await kubeconfig(), '--node-labels', 'role=edge');
    await expectKeys('TCP 10.0.0.1:80');
    expect(cluster.requests.some(({ path }) => path === RESOURCE_PATHS.nodes)).toBe(false);
  });

  it('says what is missing while the cluster is away', async () => {
    const file = await kubeconfig();
    await cluster.stop();
    void start('--kubernetes', '--kubeconfig', file);
    await vi.waitFor(() => {
      expect(log).toMatch(/kubernetes.*does not answer: connect ECONNREFUSED/);
    }, 20_000);
  });

  it.each<[string, readonly string[], RegExp]>([
    ['nothing to follow', [], /nothing to follow\n.*--kubernetes/],
    ['no cluster', ['--kubernetes', '--kubeconfig', '/nowhere'], /\/nowhere: no such kubeconfig/],
    ['a flag without effect', ['-f', '/tmp', '--context', 'c'], /--context has no effect without --kubernetes/],
    ['labels that are none', ['-f', '/tmp', '--node-labels', 'role'], /Labels such as role=edge.*found "role"/],
    ['a label twice', ['-f', '/tmp', '--node-labels', 'a=1,a=2'], /label a is given twice/],
  ])('refuses %s', async (_, flags, message) => {
    const { exitCode, stderr } = await start(...flags);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
  });
});

describe('plan and apply', () => {
  it('leave out what is for other nodes', async () => {
    const edge = await host.write('edge.yaml', manifest('edge', { nodeSelector: '{matchLabels: {role: edge}}' }));
    const named = await host.write(
      'named.yaml',
      manifest('named', { addresses: '[10.0.0.2]', nodeSelector: '{matchLabels: {kubernetes.io/hostname: a}}' }),
    );
    const files = ['-f', edge, named];
    expect((await host.run('plan', ...files)).stderr).toContain('--node-labels');
    const { stdout, stderr } = await host.run('plan', ...files, '--node-labels', 'role=core', '--node-name', 'a');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/\+ TCP 10\.0\.0\.2:80/);
    expect(stdout).not.toMatch(/10\.0\.0\.1/);
    await host.run('apply', ...files, '--node-labels', 'role=edge');
    await expectKeys('TCP 10.0.0.1:80');
    await host.run('apply', ...files, '--node-labels', 'role=core', '--prune', '--allow-empty');
    await expectKeys();
  });

  it('know the name of the node beside labels as the help says', async () => {
    const nodeSelector = '{matchLabels: {kubernetes.io/hostname: a, role: edge}}';
    const file = await host.write('named.yaml', manifest('named', { nodeSelector }));
    const plan = async (environment: Readonly<Record<string, string>>, ...flags: readonly string[]): Promise<string> =>
      (await host.runWith({ environment }, 'plan', '-f', file, ...flags)).stdout;
    const [labels, chosen] = ['role=edge', /\+ TCP 10\.0\.0\.1:80/];
    expect(await plan({ NODE_NAME: 'a' }, '--node-labels', labels)).toMatch(chosen);
    expect(await plan({ NODE_NAME: 'a' }, '--node-labels', labels, '--node-name', 'b')).not.toMatch(chosen);
    expect(await plan({ NODE_NAME: 'b' }, '--node-labels', `${labels},kubernetes.io/hostname=a`)).toMatch(chosen);
    const here = manifest('here', {
      nodeSelector: `{matchLabels: {kubernetes.io/hostname: "${hostname().toLowerCase()}"}}`,
    });
    const own = await host.write('here.yaml', here);
    expect((await host.run('plan', '-f', own, '--node-labels', labels)).stdout).toMatch(chosen);
  });
});
