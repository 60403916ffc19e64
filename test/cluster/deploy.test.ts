import { load, loadAll } from 'js-yaml';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApiServer } from './api-server.js';
import type { ApiServer } from './api-server.js';
import { findTypeFaults } from './resource-types.js';
import type { Resource } from './resource-types.js';

const DEPLOY = fileURLToPath(new URL('../../deploy/', import.meta.url));

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server.close());

async function build(folder: string): Promise<string> {
  const { status, stdout, stderr } = await server.kubectl(['kustomize', DEPLOY + folder]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

interface Manifest {
  readonly kind: string;
  readonly spec?: { readonly template?: { readonly spec?: object } };
}

test('install.yaml is what deploy/base builds: `make deploy` writes it', async () => {
  const text = readFileSync(`${DEPLOY}install.yaml`, 'utf8');
  expect(text.slice(text.indexOf('\n') + 1)).toBe(await build('base'));
  const kinds = (loadAll(text) as readonly Manifest[]).map(({ kind }) => kind).sort();
  expect(kinds).toEqual(
    ['ClusterRole', 'ClusterRoleBinding', 'CustomResourceDefinition', 'CustomResourceDefinition', 'DaemonSet'].concat([
      'Namespace',
      'Role',
      'RoleBinding',
      'ServiceAccount',
    ]),
  );
});

test('the definitions in install.yaml are taken', async () => {
  const applied = await server.kubectl(
    ['apply', '--server-side', '--force-conflicts', '--dry-run=server', '-f', '-'],
    (await build('../crds')).trim(),
  );
  expect(applied).toMatchObject({ status: 0 });
});

test('every object has the fields that its type has, and no other', async () => {
  const documents = loadAll((await build('base')) + '---\n' + (await build('overlays/labelled-directors')));
  // Two documents of the definitions are the schema's own, and the API server has judged them.
  const resources = (documents as readonly Resource[]).filter(({ kind }) => kind !== 'CustomResourceDefinition');
  expect(resources.length).toBeGreaterThan(12);
  const daemonSet = JSON.stringify(resources.find(({ kind }) => kind === 'DaemonSet'));
  const faulty = [
    daemonSet.replace('"periodSeconds"', '"periodSecond"'),
    daemonSet.replace('"hostNetwork":true', '"hostNetwork":"true"'),
    daemonSet.replace('"selector"', '"selectors"'),
  ].map((text) => JSON.parse(text) as Resource);
  expect(findTypeFaults([...resources, ...faulty])).toEqual([
    expect.stringMatching(/periodSecond.* does not exist in type 'V1Probe'/),
    expect.stringMatching(/hostNetwork.* 'string' is not assignable to type 'boolean/),
    expect.stringMatching(/selectors.* does not exist in type 'V1DaemonSetSpec'/),
  ]);
});

test('directors by label differ from directors everywhere by the affinity of their pods alone', async () => {
  const [base, labelled] = [await build('base'), await build('overlays/labelled-directors')];
  const pods = (text: string) => {
    const manifests = loadAll(text) as readonly Manifest[];
    const { affinity, ...pod } = (manifests.find(({ kind }) => kind === 'DaemonSet')?.spec?.template?.spec ??
      {}) as Readonly<Record<string, unknown>>;
    return { affinity, pod };
  };
  expect(pods(labelled).pod).toEqual(pods(base).pod);
  expect(pods(base).affinity).toBeUndefined();
  expect(JSON.stringify(pods(labelled).affinity)).toContain('ipvs-operator.io/director');
});

test('the pods have one capability, a read-only file system, and nothing else to gain', () => {
  const text = readFileSync(`${DEPLOY}base/daemon-set.yaml`, 'utf8');
  expect(load(text)).toMatchObject({
    spec: {
      template: {
        spec: {
          containers: [
            {
              securityContext: {
                capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                seccompProfile: { type: 'RuntimeDefault' },
              },
            },
          ],
        },
      },
    },
  });
  expect(text).not.toContain('privileged');
});

test('the samples are taken as kubectl sends them', async () => {
  for (const mode of [['--dry-run=server'], []]) {
    const applied = await server.kubectl(['apply', ...mode, '-f', `${DEPLOY}samples`]);
    expect(applied).toMatchObject({ status: 0, stderr: '' });
  }
  const shown = await server.kubectl(['get', 'ipvs', '-o', 'name']);
  expect(shown.stdout.split('\n').sort()).toEqual([
    '',
    'virtualservice.ipvs-operator.io/found',
    'virtualservice.ipvs-operator.io/web',
  ]);
});
