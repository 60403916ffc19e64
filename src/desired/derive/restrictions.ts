import { prefixContains } from '../../model/index.js';
import type { AddressPrefix } from '../../model/index.js';
import type { DeclaredDirector, DeclaredVirtualService, LabelSelector } from '../declared.js';
import type { Fault } from '../faults.js';
import { NO_SURROUNDINGS } from '../surroundings.js';
import type { Labels, Surroundings } from '../surroundings.js';
import { mayRunDaemon, parsePrefixes } from './director.js';
import { matchesSelector } from './label-selector.js';
import type { PendingIssue } from './pending.js';
import { findForeignServers } from './server-addresses.js';

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
  if (servers.length > 0) rules.push((document) => findForeignServers(document, servers));
  if (hasDaemon) rules.push(findCrossFamily);
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

function findCrossFamily({ value: { spec } }: DeclaredVirtualService): readonly Fault[] {
  return (['realServers', 'sorryServers'] as const).flatMap((list) =>
    (spec[list] ?? []).flatMap(({ crossFamily = false }, i): readonly Fault[] => {
      if (!crossFamily) return [];
      const message = 'the kernel takes no server of the other family beside a sync daemon, such as those';
      return [{ path: ['spec', list, i, 'crossFamily'], reason: 'Inconsistent', message }];
    }),
  );
}
