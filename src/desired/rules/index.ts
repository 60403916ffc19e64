import type { DirectorDocument, VirtualServiceDocument, VirtualServiceSpec } from '../declared.js';
import type { Fault } from '../faults.js';
import { findDirectorContradictions } from './director.js';
import { findFrontContradictions } from './front.js';
import { findHealthContradictions } from './health.js';
import { findSelectorContradictions } from './selector.js';
import { findServerContradictions } from './servers.js';
import { isTooSimpleToContradict } from './simple.js';

/**
 * Fields that are right by themselves and contradict each other. The value must fit the schema, unknown fields aside.
 * The schema says the same rules in the API server's language; test/cluster holds both to the same answers.
 */
export function findContradictions(kind: 'VirtualService' | 'Director', value: unknown): readonly Fault[] {
  if (kind === 'Director') return findDirectorContradictions((value as DirectorDocument).spec);
  const { spec } = value as VirtualServiceDocument;
  return isTooSimpleToContradict(spec) ? [] : findServiceContradictions(spec);
}

/** The same for a virtual service, whatever it looks like. */
export function findServiceContradictions(spec: VirtualServiceSpec): readonly Fault[] {
  return [
    ...findFrontContradictions(spec),
    ...findServerContradictions(spec),
    ...findHealthContradictions(spec),
    ...findSelectorContradictions(spec.nodeSelector, ['spec', 'nodeSelector']),
  ];
}
