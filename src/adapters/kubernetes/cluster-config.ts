import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Cluster, KubeConfig } from '@kubernetes/client-node';
import { UserError } from '../../errors/index.js';

export interface ClusterConfigOptions {
  /** The file to read instead of those that kubectl would find. */
  readonly kubeconfig?: string | undefined;
  /** The context to use instead of the current one. */
  readonly context?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where a pod finds its own account. */
  readonly accountFolder?: string;
}

const ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Finds the cluster as kubectl does: the files of KUBECONFIG, or else ~/.kube/config, or else the pod's own account.
 * Throws a `UserError` where there is none.
 */
export async function findCluster(options: ClusterConfigOptions): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const files = filesOf(options);
  const found = files.filter((file) => existsSync(file));
  if (options.kubeconfig !== undefined && found.length === 0) {
    throw new UserError(`${options.kubeconfig}: no such kubeconfig`);
  }
  const config = new KubeConfig();
  if (found.length > 0) {
    config.loadFromOptions(mergeFiles(found, (file) => readKubeconfig(new KubeConfig(), file)));
    chooseContext(config, options.context, found);
    return config;
  }
  const { environment, accountFolder = ACCOUNT_FOLDER } = options;
  const host = environment['KUBERNETES_SERVICE_HOST'];
  const tokenFile = join(accountFolder, 'token');
  if (host !== undefined && host !== '' && existsSync(tokenFile)) {
    loadAccount(config, host, environment['KUBERNETES_SERVICE_PORT'] ?? '443', accountFolder);
    if (options.context !== undefined) {
      throw new UserError('a pod has no contexts', { hint: '--context needs a kubeconfig' });
    }
    return config;
  }
  throw new UserError(`no cluster is configured: there is no ${files.join(', ')}, and this is no pod of a cluster`, {
    hint: 'name a kubeconfig with --kubeconfig or KUBECONFIG; a pod needs its service account token mounted',
  });
}

function filesOf({ kubeconfig, environment }: ClusterConfigOptions): readonly string[] {
  if (kubeconfig !== undefined) return [kubeconfig];
  const listed = (environment['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  return listed.length > 0 ? listed : [join(environment['HOME'] ?? homedir(), '.kube', 'config')];
}

function readKubeconfig(config: KubeConfig, file: string): KubeConfig {
  try {
    config.loadFromFile(file);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`${file}: not a kubeconfig: ${why}`, { cause });
  }
  return config;
}

interface KubeconfigParts {
  readonly clusters: readonly Cluster[];
  readonly users: KubeConfig['users'];
  readonly contexts: KubeConfig['contexts'];
  readonly currentContext: string | undefined;
}

/** Of what several files say under one name, the first file's is taken. */
function mergeFiles(files: readonly string[], read: (file: string) => KubeConfig): KubeconfigParts {
  const configs = files.map(read);
  return {
    clusters: firstByName(configs.flatMap(({ clusters }) => clusters)).map(permitPlainHttp),
    users: firstByName(configs.flatMap(({ users }) => users)),
    contexts: firstByName(configs.flatMap(({ contexts }) => contexts)),
    currentContext: configs.map(({ currentContext }) => currentContext).find((name) => isGiven(name)),
  };
}

// The library says that it is always there. A file may leave it out, or empty.
function isGiven(name: string | undefined): boolean {
  return name !== undefined && name !== '';
}

function firstByName<T extends { readonly name: string }>(entries: readonly T[]): T[] {
  const byName = new Map<string, T>();
  for (const entry of entries) if (!byName.has(entry.name)) byName.set(entry.name, entry);
  return [...byName.values()];
}

/** The library refuses plain HTTP (`kubectl proxy`) unless it is told that there is nothing to verify. */
function permitPlainHttp(cluster: Cluster): Cluster {
  return cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster;
}

function chooseContext(config: KubeConfig, wanted: string | undefined, files: readonly string[]): void {
  const names = config.getContexts().map(({ name }) => name);
  const choice = names.length === 0 ? 'the file declares no context' : `the contexts are ${names.join(', ')}`;
  const name = wanted ?? config.getCurrentContext();
  if (!isGiven(name)) {
    throw new UserError(`${files.join(', ')}: no current context is set`, {
      hint: `choose one with --context or kubectl config use-context: ${choice}`,
    });
  }
  const context = config.getContextObject(name);
  if (context === null) throw new UserError(`${files.join(', ')}: there is no context ${name}`, { hint: choice });
  if (config.getCluster(context.cluster) === null) {
    throw new UserError(
      `${files.join(', ')}: the context ${name} names a cluster ${context.cluster} that is not there`,
    );
  }
  config.setCurrentContext(name);
}

function loadAccount(config: KubeConfig, host: string, port: string, folder: string): void {
  const namespaceFile = join(folder, 'namespace');
  const namespace = existsSync(namespaceFile) ? readFileSync(namespaceFile, 'utf8').trim() : 'default';
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  config.loadFromOptions({
    clusters: [{ name: 'in-cluster', server, caFile: join(folder, 'ca.crt'), skipTLSVerify: false }],
    // Tokens of pods are short-lived: the file is read again every minute.
    users: [{ name: 'pod', authProvider: { name: 'tokenFile', config: { tokenFile: join(folder, 'token') } } }],
    contexts: [{ name: 'in-cluster', cluster: 'in-cluster', user: 'pod', namespace }],
    currentContext: 'in-cluster',
  });
}
