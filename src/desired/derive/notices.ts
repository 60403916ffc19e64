import type { DeclaredDirector, DeclaredDocument, DeclaredVirtualService } from '../declared.js';
import type { Surroundings } from '../surroundings.js';
import { needsElection } from './director.js';

/** Something declared that is checked and has no effect yet: said once, for all objects together. */
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
  'Health' | 'Drain' | 'SlowStart' | 'SorryServers' | 'Quorum' | 'WhenNoneAvailable' | 'NodeSelector' | 'RunWhile';

const NAMED_OBJECTS = 5;

const CONSEQUENCES: Readonly<Record<NoticeFeature, string>> = {
  Health: 'this version runs no health checks: every real server counts as healthy',
  Drain: 'this version does not drain: removed servers go at once',
  SlowStart: 'this version has no slowStart: servers get their whole weight at once',
  SorryServers: 'this version does not use sorryServers: without health checks no quorum is ever lost',
  Quorum: 'this version does not look at quorum: without health checks none is ever lost',
  WhenNoneAvailable: 'this version does not look at whenNoneAvailable: without health checks no server fails',
  NodeSelector:
    'the labels of this node are not known (--node-labels tells them): every object applies, whatever its nodeSelector',
  RunWhile: 'nobody is elected without a cluster: sync daemons with runWhile Leader or Follower do not run',
};

/** One notice for each feature that somebody declares, in a fixed order. */
export function collectNotices(
  documents: readonly DeclaredDocument[],
  { nodeLabels, roles }: Pick<Surroundings, 'nodeLabels' | 'roles'>,
): readonly Notice[] {
  const found = new Map<NoticeFeature, string[]>();
  for (const document of documents) {
    for (const feature of featuresOf(document)) {
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
export function isNoticeable(document: DeclaredDocument): boolean {
  return featuresOf(document).length > 0;
}

function describeNotice(feature: NoticeFeature, objects: readonly string[]): Notice {
  const named = objects.slice(0, NAMED_OBJECTS);
  const more = objects.length > named.length ? ` and ${objects.length - named.length} more` : '';
  const message = `${CONSEQUENCES[feature]} (${named.join(', ')}${more})`;
  return { feature, objects: named, total: objects.length, message };
}

function featuresOf(document: DeclaredDocument): readonly NoticeFeature[] {
  switch (document.kind) {
    case 'VirtualService':
      return serviceFeatures(document);
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
  return features;
}

function directorFeatures({ value: { spec } }: DeclaredDirector): readonly NoticeFeature[] {
  const features: NoticeFeature[] = [];
  if (spec.nodeSelector !== undefined) features.push('NodeSelector');
  if (needsElection(spec)) features.push('RunWhile');
  return features;
}
