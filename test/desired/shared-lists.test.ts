import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deriveWanted, DocumentReader } from '../../src/desired/index.js';
import type { Issue } from '../../src/errors/index.js';
import type { WantedService } from '../../src/model/index.js';

/** Lists that many documents have word for word, some of them wrong in some documents only, or in all. */
const POOLS = [
  ['address: 192.168.0.1', 'address: 192.168.0.2\n      weight: 3'],
  ['address: 192.168.0.1', 'address: 192.168.0.2\n      weight: 3', 'address: 192.168.0.3'],
  ['address: 192.168.0.1', 'address: 192.168.0.1'],
  ['address: fd00::1', 'address: fd00::2\n      port: 9090'],
  ['address: 192.168.0.1\n      crossFamily: true'],
  ['address: 192.168.0.1\n      weight: heavy'],
].map((servers) => servers.map((server) => `    - ${server}\n`).join(''));

const service = fc.record({
  pool: fc.constantFrom(...POOLS),
  isIPv6: fc.boolean(),
  port: fc.constantFrom('{port: 80}', '{port: 81, targetPort: 8080}', '{port: 0}'),
  before: fc.constantFrom('', '  forwarding: {method: Tunnel}\n', '  slowStart: {durationSeconds: 30}\n'),
  after: fc.constantFrom('', '  scheduler: rr\n', '# the end\n'),
});

const texts = fc
  .array(service, { minLength: 3, maxLength: 20 })
  .map((services) =>
    services.map(
      ({ pool, isIPv6, port, before, after }, i) =>
        `apiVersion: ipvs-operator.io/v1alpha1\nkind: VirtualService\nmetadata:\n  name: web-${i}\nspec:\n` +
        `  addresses: [${isIPv6 ? `"2001:db8::${i + 1}"` : `10.0.0.${i + 1}`}]\n  ports: [${port}]\n` +
        `${before}  realServers:\n${pool}${after}`,
    ),
  );

interface Meaning {
  readonly services: readonly (readonly [string, WantedService])[];
  readonly issues: readonly Pick<Issue, 'path' | 'message'>[];
}

/** What each text means to a reader. */
async function meaningsOf(reader: () => DocumentReader, all: readonly string[]): Promise<readonly Meaning[]> {
  const results = [];
  for (const text of all) results.push(await reader().read('a.yaml', text));
  // Derived together: that is where documents share what their lists become.
  const derived = await deriveWanted(results.flatMap(({ documents }) => documents));
  return results.map(({ documents, issues }) => ({
    services: [...derived.wanted.services].filter(([, { object }]) => documents.some((one) => one.object === object)),
    issues: issues.map(({ path, message }) => ({ path, message })),
  }));
}

test('documents that share lists mean what each of them means alone', async () => {
  await fc.assert(
    fc.asyncProperty(texts, async (all) => {
      const reader = new DocumentReader();
      const together = await meaningsOf(() => reader, all);
      const alone = await Promise.all(all.map(async (text) => meaningsOf(() => new DocumentReader(), [text])));
      expect(together).toEqual(alone.flat());
    }),
    { numRuns: 300 },
  );
});

test('services with the same servers have one list of them', async () => {
  const document = (i: number): string =>
    `apiVersion: ipvs-operator.io/v1alpha1\nkind: VirtualService\nmetadata: {name: web-${i}}\nspec:\n` +
    `  addresses: [10.0.0.${i}]\n  ports: [{port: 80}]\n  realServers:\n    - address: 192.168.0.1\n    - address: 192.168.0.2\n`;
  const text = [1, 2, 3, 4].map(document).join('---\n');
  const { documents } = await new DocumentReader().read('a.yaml', text);
  const { wanted } = await deriveWanted(documents);
  const [, , third, fourth] = [...wanted.services.values()];
  expect(third?.servers).toHaveLength(2);
  expect(fourth?.servers).toBe(third?.servers);
});
