import type { DeclaredDirector, DeclaredDocument, DeclaredVirtualService, VirtualServiceSpec } from '../declared.js';
import type { Surroundings } from '../surroundings.js';
import { needsElection } from './director.js';

/** Something declared that has no effect here, or one that few want: said once, for all objects together. */
export interface Notice {
  readonly feature: NoticeFeature;
  /** The first few of the objects that declare it. */
  readonly objects: readonly string[];
  /** How many they are in all. */
  readonly total: number;
  /** One sentence that tells all of the above. */
  readonly message: string;
}

export type NoticeFeature =
  | 'Health'
  | 'Drain'
  | 'SlowStart'
  | 'SorryServers'
  | 'Quorum'
  | 'WhenNoneAvailable'
  | 'NodeSelector'
  | 'RunWhile'
  | 'Fallback';

const NAMED_OBJECTS = 5;

const CONSEQUENCES: Readonly<Record<NoticeFeature, string>> = {
  Health: 'health checks are for run: here every real server counts as healthy',
  Drain: 'drains are for run: here removed servers go at once',
  SlowStart: 'slowStart is for run: here servers get their whole weight at once',
  SorryServers: 'sorryServers are for run: here no quorum is ever lost',
  Quorum: 'quorum is for run: here none is ever lost',
  WhenNoneAvailable: 'whenNoneAvailable is for run: here no server fails',
  NodeSelector:
    'the labels of this node are not known (--node-labels tells them): every object applies, whatever its nodeSelector',
  RunWhile: 'nobody is elected without a cluster: sync daemons with runWhile Leader or Follower do not run',
  Fallback:
    'sh and mh go on choosing servers that get weight 0, and refuse those clients: schedulerFlags sh-fallback or mh-fallback sends them to another server',
};

/** What a controller does, and a single pass does not. */
const CONTROLLER_ONLY: ReadonlySet<NoticeFeature> = new Set([
  'Health',
  'Drain',
  'SlowStart',
  'SorryServers',
  'Quorum',
  'WhenNoneAvailable',
]);

/** Whether what is declared is applied once, or kept up by a controller. */
export type Regime = 'Once' | 'Controller';

/** One notice for each feature that somebody declares, in a fixed order. */
export function collectNotices(
  documents: readonly DeclaredDocument[],
  regime: Regime,
  { nodeLabels, roles }: Pick<Surroundings, 'nodeLabels' | 'roles'>,
): readonly Notice[] {
  const found = new Map<NoticeFeature, string[]>();
  for (const document of documents) {
    for (const feature of featuresOf(document, regime)) {
      if (feature === 'NodeSelector' && nodeLabels.kind !== 'Unknown') continue;
      if (feature === 'RunWhile' && roles !== null) continue;
      const objects = found.get(feature);
      if (objects === undefined) found.set(feature, [document.object]);
      else objects.push(document.object);
    }
  }
  if (found.size === 0) return [];
  return (Object.keys(CONSEQUENCES) as NoticeFeature[]).flatMap((feature) => {
    const objects = found.get(feature);
    return objects === undefined ? [] : [describeNotice(feature, objects)];
  });
}

/** Whether the document may be part of a notice. */
export function isNoticeable(document: DeclaredDocument, regime: Regime): boolean {
  return featuresOf(document, regime).length > 0;
}

function describeNotice(feature: NoticeFeature, objects: readonly string[]): Notice {
  const named = objects.slice(0, NAMED_OBJECTS);
  const more = objects.length > named.length ? ` and ${objects.length - named.length} more` : '';
  const message = `${CONSEQUENCES[feature]} (${named.join(', ')}${more})`;
  return { feature, objects: named, total: objects.length, message };
}

function featuresOf(document: DeclaredDocument, regime: Regime): readonly NoticeFeature[] {
  switch (document.kind) {
    case 'VirtualService':
      return serviceFeatures(document).filter((feature) => regime === 'Once' || !CONTROLLER_ONLY.has(feature));
    case 'Director':
      return directorFeatures(document);
  }
}

function serviceFeatures({ value: { spec } }: DeclaredVirtualService): readonly NoticeFeature[] {
  const features: NoticeFeature[] = [];
  if (spec.health !== undefined) features.push('Health');
  if (spec.drain !== undefined) features.push('Drain');
  if (spec.slowStart !== undefined) features.push('SlowStart');
  if (spec.sorryServers !== undefined && spec.sorryServers.length > 0) features.push('SorryServers');
  if (spec.quorum !== undefined) features.push('Quorum');
  if (spec.whenNoneAvailable === 'KeepAll') features.push('WhenNoneAvailable');
  if (spec.nodeSelector !== undefined) features.push('NodeSelector');
  if (refusesClients(spec)) features.push('Fallback');
  return features;
}

/** Whether servers may get weight 0 under a scheduler that then refuses their clients. */
function refusesClients(spec: VirtualServiceSpec): boolean {
  const { scheduler, schedulerFlags = [] } = spec;
  if (scheduler !== 'sh' && scheduler !== 'mh') return false;
  if (schedulerFlags.some((flag) => flag.endsWith('-fallback'))) return false;
  return (
    spec.drain !== undefined ||
    spec.health?.onFailure === 'ZeroWeight' ||
    spec.realServers?.some(({ state, weight }) => state === 'Drain' || weight === 0) === true
  );
}

function directorFeatures({ value: { spec } }: DeclaredDirector): readonly NoticeFeature[] {
  const features: NoticeFeature[] = [];
  if (spec.nodeSelector !== undefined) features.push('NodeSelector');
  if (needsElection(spec)) features.push('RunWhile');
  return features;
}
