import { expect, test } from 'vitest';
import { createRandom } from '../e2e/random.js';
import { createWorld, planRound } from './plan-round.js';
import type { Round, World } from './plan-round.js';

function planRounds(seed: number, count: number): readonly Round[] {
  const random = createRandom(seed);
  let world: World = createWorld(random);
  return Array.from({ length: count }, () => {
    const round = planRound(world, random, { clockSeconds: { earliest: -60, latest: 60 } });
    world = round.after;
    return round;
  });
}

test('the same seed plans the same rounds, another seed others', () => {
  expect(planRounds(7, 50)).toEqual(planRounds(7, 50));
  expect(planRounds(7, 50)).not.toEqual(planRounds(8, 50));
});

test('a long run has every step, and every service always has a server that takes connections', () => {
  const rounds = planRounds(7, 300);
  const kinds = new Set(rounds.flatMap(({ steps }) => steps.map(({ kind }) => kind)));
  expect([...kinds].sort()).toEqual([
    'AddForeign',
    'DamageCache',
    'Declare',
    'Flush',
    'FreezeApiServer',
    'HalfWrite',
    'KillApiServer',
    'KillController',
    'LoseFile',
    'LoseFolder',
    'Meddle',
    'Pause',
    'RemoveForeign',
    'SetClock',
    'Withdraw',
  ]);
  for (const { after } of rounds) {
    for (const { servers } of after.services.values()) expect(servers.some(({ weight }) => weight > 0)).toBe(true);
  }
});

test('objects change only while the API server answers', () => {
  for (const { steps } of planRounds(7, 300)) {
    const end = steps.findIndex(({ kind }) => kind === 'KillApiServer' || kind === 'FreezeApiServer');
    const late = end === -1 ? [] : steps.slice(end);
    const changed = late.flatMap((step) => (step.kind === 'Declare' || step.kind === 'Withdraw' ? [step] : []));
    expect(changed.filter(({ service }) => service.place === 'Object')).toEqual([]);
  }
});
