import { createFileSource } from '../../adapters/files/index.js';
import type { ApiClient, ClusterReporter, ClusterSource } from '../../adapters/kubernetes/index.js';
import type { NodeLabels } from '../../desired/index.js';
import { UserError } from '../../errors/index.js';
import type { Source } from '../../sources/index.js';
import type { ClusterFlags } from '../options.js';
import { nodeLabelsOf, nodeNameOf } from '../this-node.js';

export interface SourceFlags extends ClusterFlags {
  readonly filename?: readonly string[];
  readonly recursive?: true;
}

export interface OpenedSources {
  /** Where two declare the same object, the first one's applies: files are nearer to the host than a cluster. */
  readonly sources: readonly Source[];
  /** What is known of them before a source tells. */
  readonly nodeLabels: NodeLabels;
  readonly cluster?: OpenedCluster;
}

export interface OpenedCluster {
  readonly client: ApiClient;
  readonly source: ClusterSource;
  readonly reporter: ClusterReporter;
  readonly nodeName: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** All places that the flags name. Throws a `UserError` where they name none, or one that cannot be followed. */
export async function openSources(flags: SourceFlags, environment: Environment): Promise<OpenedSources> {
  const { filename = [], recursive } = flags;
  if (filename.includes('-')) {
    throw new UserError('standard input cannot be followed', { hint: 'name files or folders with -f' });
  }
  refuseIdleFlags(flags);
  if (filename.length === 0 && flags.kubernetes !== true) {
    throw new UserError('nothing to follow', { hint: 'name files or folders with -f, or a cluster with --kubernetes' });
  }
  const files = filename.length === 0 ? [] : [createFileSource(filename, { recursive: recursive === true })];
  if (flags.kubernetes !== true) return { sources: files, nodeLabels: nodeLabelsOf(flags, environment) };
  const cluster = await openCluster(flags, environment);
  const nodeLabels: NodeLabels =
    flags.nodeLabels === undefined ? { kind: 'Awaited' } : nodeLabelsOf(flags, environment);
  return { sources: [...files, cluster.source], nodeLabels, cluster };
}

/** A flag that has no effect is a slip. */
function refuseIdleFlags({ kubernetes, kubeconfig, context }: SourceFlags): void {
  if (kubernetes === true) return;
  const idle = kubeconfig !== undefined ? '--kubeconfig' : context !== undefined ? '--context' : undefined;
  if (idle !== undefined) throw new UserError(`${idle} has no effect without --kubernetes`);
}

async function openCluster(flags: ClusterFlags, environment: Environment): Promise<OpenedCluster> {
  // Clusters need a library that hosts of their own do without.
  const {
    ClusterReporter: Reporter,
    createApiClient,
    createClusterSource,
    DEFAULT_LEASE_TIMING,
    findCluster,
    SYSTEM_PACING,
  } = await import('../../adapters/kubernetes/index.js');
  const { kubeconfig, context } = flags;
  const client = createApiClient({ config: await findCluster({ kubeconfig, context, environment }) });
  const nodeName = nodeNameOf(flags, environment);
  const reporter = new Reporter({
    client,
    node: nodeName,
    namespace: environment['POD_NAMESPACE'] ?? client.namespace,
    timing: DEFAULT_LEASE_TIMING,
    pacing: SYSTEM_PACING,
    now: () => new Date(),
  });
  const source = createClusterSource({
    client,
    nodeName: flags.nodeLabels === undefined ? nodeName : undefined,
    pacing: SYSTEM_PACING,
    observer: reporter,
  });
  return { client, source, reporter, nodeName };
}

/** The same source, which says besides whenever it tells something new. */
export function noticing(source: Source, onChange: () => void): Source {
  return {
    name: source.name,
    refresh: () => {
      source.refresh();
    },
    run: (listener, signal) =>
      source.run(
        {
          changed: (units) => {
            onChange();
            listener.changed(units);
          },
          state: (state) => {
            listener.state(state);
          },
          surroundings: (change) => {
            onChange();
            listener.surroundings(change);
          },
        },
        signal,
      ),
  };
}
