import type { Condition, NodeEntry, ObjectStatus, SummarisedSpec, Summary } from '../../status/index.js';
import type { KubeObject } from './kube-object.js';

/** What the API server has as an object's status, as far as it has the right form. */
export interface StatusView extends Partial<Pick<ObjectStatus, 'observedGeneration' | 'summary'>> {
  readonly conditions: readonly Condition[];
  readonly entries: readonly NodeEntry[];
}

export function viewStatus(object: KubeObject): StatusView {
  const { status } = object as { readonly status?: unknown };
  if (!isMapping(status)) return { conditions: [], entries: [] };
  const { observedGeneration, summary } = status;
  return {
    ...(typeof observedGeneration === 'number' ? { observedGeneration } : {}),
    ...(isMapping(summary) ? { summary: summary as unknown as Summary } : {}),
    conditions: listOf(status['conditions'], 'type') as unknown as readonly Condition[],
    entries: listOf(status['directors'], 'node') as unknown as readonly NodeEntry[],
  };
}

/** The API server checked it against the schema; of an object that is older than the schema something may be absent. */
export function viewSpec(object: KubeObject): SummarisedSpec {
  const { spec } = object as { readonly spec?: unknown };
  return isMapping(spec) ? spec : {};
}

/** Whether the one version is known to be older than the other: they are numbers as long as one etcd keeps them. */
export function isOlderVersion(version: string | undefined, than: string | undefined): boolean {
  if (version === undefined || than === undefined || !isNumber(version) || !isNumber(than)) return false;
  return version.length === than.length ? version < than : version.length < than.length;
}

function isNumber(text: string): boolean {
  return /^[1-9][0-9]*$/.test(text);
}

function listOf(value: unknown, key: string): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isMapping).filter((item) => typeof item[key] === 'string') : [];
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
