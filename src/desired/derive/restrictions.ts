import { prefixContains } from '../../model/index.js';
import type { AddressPrefix } from '../../model/index.js';
import type { DeclaredDirector, DeclaredRealServer, DeclaredVirtualService, LabelSelector, Path } from '../declared.js';
import type { Fault } from '../faults.js';
import { NO_SURROUNDINGS } from '../surroundings.js';
import type { Labels, Surroundings } from '../surroundings.js';
import { mayRunDaemon, parsePrefixes } from './director.js';
import { matchesSelector } from './label-selector.js';
import type { PendingIssue } from './pending.js';

/** What a Director forbids its virtual services: addresses, servers, and what its sync daemons exclude. */
export function findForbidden(
  director: DeclaredDirector,
  documents: readonly DeclaredVirtualService[],
  { namespaceLabels, roles }: Pick<Surroundings, 'namespaceLabels' | 'roles'> = NO_SURROUNDINGS,
): readonly PendingIssue[] {
  const { spec } = director.value;
  const servers = parsePrefixes(spec.allowedServerCIDRs);
  const addresses = spec.allowedAddresses?.map(({ cidrs, namespaceSelector }) => ({
    prefixes: parsePrefixes(cidrs),
    namespaceSelector,
  }));
  const hasDaemon = mayRunDaemon(spec, roles);
  const rules: ServiceRule[] = [];
  if (addresses !== undefined && addresses.length > 0)
    rules.push((document) => findForeignAddresses(document, addresses, labelsOf(document, namespaceLabels)));
  if (servers.length > 0)
    rules.push(
      (document) => checkServers(document, (server) => findForeignServer(server, servers)),
      (document) => findForeignAsked(document, servers),
    );
  if (hasDaemon) rules.push((document) => checkServers(document, findCrossFamily));
  return documents.flatMap((document) =>
    rules.flatMap((rule) =>
      rule(document).map(({ path, message, reason }) => ({
        document,
        fault: { path, reason, message: `${message} of ${director.object}` },
        other: { document: director, path: ['spec'] },
      })),
    ),
  );
}

type ServiceRule = (document: DeclaredVirtualService) => readonly Fault[];

interface AllowedAddresses {
  readonly prefixes: readonly AddressPrefix[];
  readonly namespaceSelector: LabelSelector | undefined;
}

function findForeignAddresses(
  { namespace, value: { spec } }: DeclaredVirtualService,
  allowed: readonly AllowedAddresses[],
  labels: Labels,
): readonly Fault[] {
  const own = allowed.filter(({ namespaceSelector }) => matchesSelector(namespaceSelector ?? {}, labels));
  return (spec.addresses ?? []).flatMap((address, i): readonly Fault[] => {
    if (own.some(({ prefixes }) => prefixes.some((prefix) => prefixContains(prefix, address)))) return [];
    const message = `${address} is none of what the namespace ${namespace} may claim by the allowedAddresses`;
    return [{ path: ['spec', 'addresses', i], reason: 'NotAllowed', message }];
  });
}

/** Of a namespace whose labels are not known its name is, which Kubernetes has as this label too. */
const NAMESPACE_NAME_LABEL = 'kubernetes.io/metadata.name';

function labelsOf({ namespace }: DeclaredVirtualService, known: Surroundings['namespaceLabels']): Labels {
  return { ...known.get(namespace), [NAMESPACE_NAME_LABEL]: namespace };
}

type ServerRule = (server: DeclaredRealServer) => (Omit<Fault, 'path'> & { readonly field: string }) | undefined;

function checkServers({ value: { spec } }: DeclaredVirtualService, rule: ServerRule): readonly Fault[] {
  return (['realServers', 'sorryServers'] as const).flatMap((list) =>
    (spec[list] ?? []).flatMap((server, i): readonly Fault[] => {
      const fault = rule(server);
      if (fault === undefined) return [];
      const path: Path = ['spec', list, i, fault.field];
      return [{ path, reason: fault.reason, message: fault.message }];
    }),
  );
}

/** A check asks no address that could not be a server: what it learns of it is shown to whoever declared it. */
function findForeignAsked(
  { value: { spec } }: DeclaredVirtualService,
  allowed: readonly AddressPrefix[],
): readonly Fault[] {
  return (spec.health?.checks ?? []).flatMap(({ address }, i): readonly Fault[] => {
    const fault = address === undefined ? undefined : findForeignServer({ address }, allowed);
    if (fault === undefined) return [];
    const path: Path = ['spec', 'health', 'checks', i, fault.field];
    return [{ path, reason: fault.reason, message: fault.message }];
  });
}

function findForeignServer(
  { address }: Pick<DeclaredRealServer, 'address'>,
  allowed: readonly AddressPrefix[],
): ReturnType<ServerRule> {
  if (allowed.some((prefix) => prefixContains(prefix, address))) return undefined;
  return { field: 'address', reason: 'NotAllowed', message: `${address} is in none of the allowedServerCIDRs` };
}

function findCrossFamily({ crossFamily = false }: DeclaredRealServer): ReturnType<ServerRule> {
  if (!crossFamily) return undefined;
  const message = 'the kernel takes no server of the other family beside a sync daemon, such as those';
  return { field: 'crossFamily', reason: 'Inconsistent', message };
}
