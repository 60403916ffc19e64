import { expect, test } from 'vitest';
import { writeObjectMetrics } from '../../../src/adapters/metrics/index.js';
import type { ServiceTally } from '../../../src/reconcile/index.js';

const NOBODY = { healthy: 0, idle: 0, failing: 0, leaving: 0, sorry: 0 };

function tally(servers: Partial<ServiceTally['servers']>, what: Partial<ServiceTally> = {}): ServiceTally {
  return {
    ...{ object: 'VirtualService shop/web', family: 'IPv4', isLeaving: false, hasQuorum: true, isSorry: false },
    ...what,
    servers: { ...NOBODY, ...servers },
  };
}

async function samplesOf(...tallies: readonly ServiceTally[]): Promise<Readonly<Record<string, number>>> {
  let text = '';
  for await (const piece of writeObjectMetrics(tallies, () => Promise.resolve())) text += piece;
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const match =
        /^ipvs_operator_virtual_service_([a-z_]+)\{virtual_service="shop\/web"(?:,state="([a-z]+)")?\} (\d+)$/;
      const [, name = line, state, value] = match.exec(line) ?? [];
      return [state ?? name, Number(value)];
    }),
  );
}

const FINE = { ...NOBODY, quorum: 1, sorry_servers_in_use: 0 };

test('what one service has is what its object has', async () => {
  expect(await samplesOf(tally({ healthy: 2, idle: 1, failing: 3, leaving: 4 }))).toEqual({
    ...{ ...FINE, healthy: 2, idle: 1, failing: 3, leaving: 4 },
  });
});

test('of several ports the one that is worst off counts, once', async () => {
  expect(
    await samplesOf(
      tally({ healthy: 3, leaving: 1 }),
      tally({ healthy: 1, failing: 2, sorry: 1 }, { hasQuorum: false, isSorry: true }),
      tally({ healthy: 2, failing: 1, leaving: 2 }),
    ),
  ).toEqual({ ...FINE, healthy: 1, failing: 2, leaving: 2, sorry: 1, quorum: 0, sorry_servers_in_use: 1 });
});

test('servers of both address families are added', async () => {
  expect(await samplesOf(tally({ healthy: 3 }), tally({ healthy: 1, failing: 1 }, { family: 'IPv6' }))).toEqual({
    ...{ ...FINE, healthy: 4, failing: 1 },
  });
});

test('a service that leaves is not worse off than the others', async () => {
  expect(await samplesOf(tally({ healthy: 3 }), tally({ leaving: 3 }, { isLeaving: true }))).toEqual({
    ...{ ...FINE, healthy: 3, leaving: 3 },
  });
});

test('ten thousand objects come in pieces, each with its five states', async () => {
  const tallies = Array.from({ length: 10_000 }, (_, i) => tally({ healthy: 1 }, { object: `VirtualService a/s${i}` }));
  const pieces: string[] = [];
  for await (const piece of writeObjectMetrics(tallies, () => Promise.resolve())) pieces.push(piece);
  expect(pieces.length).toBeGreaterThan(50);
  expect(Math.max(...pieces.map((piece) => piece.split('\n').length))).toBeLessThan(600);
  expect(pieces.join('').match(/^ipvs_operator_virtual_service_servers\{/gm)).toHaveLength(50_000);
});
