import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiClient, findCluster } from '../../../src/adapters/kubernetes/index.js';
import type { ClusterConfigOptions } from '../../../src/adapters/kubernetes/index.js';

let folder = '';
let account = '';
const file = (name: string): string => join(folder, name);

function kubeconfig(name: string, current: string | undefined): string {
  return `apiVersion: v1
kind: Config
clusters: [{name: ${name}, cluster: {server: 'https://${name}.example:6443'}}, {name: shared, cluster: {server: 'https://${name}-shared.example'}}]
users: [{name: ${name}, user: {token: secret}}]
contexts:
- {name: ${name}, context: {cluster: ${name}, user: ${name}, namespace: ${name}-space}}
- {name: ${name}-shared, context: {cluster: shared, user: ${name}}}
- {name: ${name}-broken, context: {cluster: nowhere, user: ${name}}}
${current === undefined ? '' : `current-context: ${current}\n`}`;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  account = file('account');
  mkdirSync(account);
  mkdirSync(file('.kube'));
  for (const [name, text] of [
    ['token', 'secret'],
    ['ca.crt', ''],
    ['namespace', 'ipvs-system'],
  ] as const) {
    writeFileSync(join(account, name), text);
  }
  writeFileSync(file('.kube/config'), kubeconfig('home', 'home'));
  writeFileSync(file('a'), kubeconfig('a', undefined));
  writeFileSync(file('b'), kubeconfig('b', 'b'));
  writeFileSync(file('text'), '{[');
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function found(options: Partial<ClusterConfigOptions>): Promise<readonly [string, string]> {
  const config = await findCluster({ environment: {}, accountFolder: file('none'), ...options });
  const { server, namespace } = createApiClient({ config });
  return [server, namespace];
}

const inPod = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };

describe('the cluster is found as kubectl finds it', () => {
  it('in the file that is named', async () => {
    const environment = { KUBECONFIG: file('a'), HOME: folder };
    expect(await found({ kubeconfig: file('b'), environment })).toEqual(['https://b.example:6443', 'b-space']);
  });

  it('in the files of KUBECONFIG, of which the first to say something is right, and those that are not there are left out', async () => {
    const environment = { KUBECONFIG: `${file('none')}:${file('a')}:${file('b')}`, HOME: folder };
    expect(await found({ environment })).toEqual(['https://b.example:6443', 'b-space']);
    expect(await found({ environment, context: 'b-shared' })).toEqual(['https://a-shared.example', 'default']);
  });

  it('in the home folder, rather than by the account of a pod', async () => {
    const environment = { HOME: folder, ...inPod };
    expect(await found({ environment, accountFolder: account })).toEqual(['https://home.example:6443', 'home-space']);
  });

  it("by the pod's own account", async () => {
    const environment = { HOME: file('none'), ...inPod };
    expect(await found({ environment, accountFolder: account })).toEqual(['https://[fd00::1]:443', 'ipvs-system']);
  });
});

describe('where there is no cluster, it says what to do', () => {
  it.each<[string, () => Partial<ClusterConfigOptions>, RegExp]>([
    ['nothing at all', () => ({ environment: { HOME: file('none') } }), /no cluster is configured/],
    ['a file that is not there', () => ({ kubeconfig: file('none') }), /none: no such kubeconfig/],
    ['no YAML', () => ({ kubeconfig: file('text') }), /not a kubeconfig/],
    ['no current context', () => ({ kubeconfig: file('a') }), /no current context is set/],
    ['a context that is not there', () => ({ kubeconfig: file('b'), context: 'c' }), /there is no context c/],
    ['a cluster that is not there', () => ({ kubeconfig: file('b'), context: 'b-broken' }), /a cluster nowhere/],
  ])('%s', async (_, options, message) => {
    await expect(found(options())).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(message) as string,
    });
  });
});
