import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serviceKeyText } from '../../src/model/index.js';
import type { KernelService } from '../../src/model/index.js';
import { planChanges } from '../../src/plan/index.js';
import type { Owner, Plan, PlanInput } from '../../src/plan/index.js';
import { planInputs, wantedServices } from './arbitraries.js';
import { applyToTable, canonicalTable } from './model-kernel.js';
import type { Table } from './model-kernel.js';
import { observed, planInput, wanted, NOTHING_TO_DO } from './states.js';

/** The tables before and after every operation of the plan. */
function* prefixes(plan: Plan, start: Table): Generator<Table> {
  let table = start;
  yield table;
  for (const { operation } of plan.changes) yield (table = applyToTable(table, operation));
}

function tableAfter(plan: Plan, start: Table): Table {
  return [...prefixes(plan, start)].at(-1) ?? start;
}

/** The inventory as the reconciler leaves it where every operation succeeds. */
function ownedAfter(plan: Plan, { owned, options }: PlanInput): Map<string, Owner> {
  const after = new Map(owned);
  for (const key of plan.stale) after.delete(key);
  for (const { key, object } of plan.adoptions) after.set(key, { object, set: options.set });
  for (const { operation, object } of plan.changes) {
    if (operation.kind === 'AddService')
      after.set(serviceKeyText(operation.key), { object: object ?? '', set: options.set });
    if (operation.kind === 'DeleteService') after.delete(serviceKeyText(operation.key));
  }
  return after;
}

function takesConnections(service: KernelService | undefined): boolean {
  return service?.servers.some(({ weight }) => weight > 0) ?? false;
}

function heldBack(plan: Plan): ReadonlySet<string> {
  return new Set(
    plan.problems.flatMap((problem) => ('key' in problem ? [problem.key] : 'keys' in problem ? problem.keys : [])),
  );
}

test('a state against itself plans nothing', () => {
  fc.assert(
    fc.property(wantedServices, (services) => {
      const owned = new Map(services.map(({ key, object }) => [serviceKeyText(key), { object, set: 'default' }]));
      const plan = planChanges(planInput({ wanted: wanted(services), observed: observed(services), owned }));
      expect(plan).toEqual(NOTHING_TO_DO);
    }),
  );
});

test('applying a plan gives every wanted service that is not held back, exactly', () => {
  fc.assert(
    fc.property(planInputs, (input) => {
      const plan = planChanges(input);
      const after = tableAfter(plan, input.observed.services);
      const held = heldBack(plan);
      for (const [key, { settings, servers, key: serviceKey }] of input.wanted.services) {
        if (held.has(key)) continue;
        const got = after.get(key);
        const expected = { key: serviceKey, settings, servers };
        expect(canonicalTable(new Map(got === undefined ? [] : [[key, got]]))).toEqual(
          canonicalTable(new Map([[key, expected]])),
        );
      }
    }),
  );
});

test('a second plan is empty', () => {
  fc.assert(
    fc.property(planInputs, (input) => {
      const plan = planChanges(input);
      const services = tableAfter(plan, input.observed.services);
      const again = planChanges({
        ...input,
        observed: { ...input.observed, services },
        owned: ownedAfter(plan, input),
      });
      expect(again).toEqual({ ...NOTHING_TO_DO, orphans: plan.orphans, problems: plan.problems });
    }),
  );
});

test('services of others, suspended ones and those of other sets stay as they are', () => {
  fc.assert(
    fc.property(planInputs, (input) => {
      const after = tableAfter(planChanges(input), input.observed.services);
      const { wanted: state, owned, options } = input;
      for (const [key, service] of input.observed.services) {
        const owner = owned.get(key);
        const claimed = (state.director?.exclusive.prefixes.length ?? 0) > 0;
        const isForeign = owner === undefined && !claimed && (!state.services.has(key) || !mayAdopt(input));
        const isOfAnotherSet =
          owner !== undefined &&
          owner.set !== options.set &&
          !state.objects.has(owner.object) &&
          !state.services.has(key);
        if (isForeign || isOfAnotherSet || state.suspended.has(key)) expect(after.get(key)).toEqual(service);
      }
    }),
  );
});

function mayAdopt({ wanted: state, options }: PlanInput): boolean {
  return options.adopt === true || state.director?.adopt === true;
}

test('a service that has and shall have a server with weight is never without one', () => {
  fc.assert(
    fc.property(planInputs, (input) => {
      const { services } = input.observed;
      for (const table of prefixes(planChanges(input), services)) {
        for (const [key, service] of services) {
          if (!takesConnections(service) || !takesConnections(input.wanted.services.get(key))) continue;
          expect(takesConnections(table.get(key)), key).toBe(true);
        }
      }
    }),
  );
});

test('nothing is deleted and added, nothing is touched twice, and nothing equal is written', () => {
  fc.assert(
    fc.property(planInputs, (input) => {
      const plan = planChanges(input);
      const subjects = plan.changes.map(({ operation }) => {
        const text = 'key' in operation && operation.key !== null ? serviceKeyText(operation.key) : '';
        return 'server' in operation ? `${text} ${operation.server.address} ${operation.server.port}` : text;
      });
      expect(new Set(subjects).size).toBe(subjects.length);
      for (const { operation, before } of plan.changes) {
        if (operation.kind === 'EditService') expect(operation.settings).not.toEqual(before?.settings);
        if (operation.kind === 'EditServer') expect(operation.server).not.toEqual(before?.server);
      }
    }),
  );
});

test('the order of what is wanted and observed does not change the outcome', () => {
  fc.assert(
    fc.property(planInputs, (input) => {
      const turned = (entries: PlanInput['observed']['services']): Table =>
        new Map(
          [...entries]
            .reverse()
            .map(([key, service]) => [key, { ...service, servers: [...service.servers].reverse() }]),
        );
      const other = planChanges({
        ...input,
        wanted: { ...input.wanted, services: new Map([...input.wanted.services].reverse()) },
        observed: { ...input.observed, services: turned(input.observed.services) },
      });
      const plan = planChanges(input);
      const text = (list: readonly unknown[]): readonly string[] => list.map((entry) => JSON.stringify(entry)).sort();
      expect(text(other.changes)).toEqual(text(plan.changes));
      expect(text(other.adoptions)).toEqual(text(plan.adoptions));
    }),
  );
});

test('plans for single keys together do what the plan of everything does', () => {
  fc.assert(
    fc.property(planInputs, (input) => {
      const all = new Set([...input.wanted.services.keys(), ...input.observed.services.keys(), ...input.owned.keys()]);
      const single = [...all].flatMap((key) => {
        const service = input.observed.services.get(key);
        const services = new Map(service === undefined ? [] : [[key, service]]);
        const options = { ...input.options, scope: new Set([key]) };
        return planChanges({ ...input, observed: { ...input.observed, services }, options }).changes;
      });
      const text = (list: readonly unknown[]): readonly string[] => list.map((entry) => JSON.stringify(entry)).sort();
      expect(text(single)).toEqual(text(planChanges(input).changes));
    }),
  );
});
