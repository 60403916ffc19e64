import { z } from 'zod';
import {
  describeBadAddress,
  describeBadMarkRange,
  describeBadMulticastGroup,
  describeBadPrefix,
  isAddress,
  isMarkRange,
  isMulticastAddress,
  isPrefix,
} from '../formats.js';
import { formatted, list, mapping, oneOf, pattern, text, textMap, wholeNumber } from './fields.js';
import type { StringFormat } from './fields.js';
import { LABEL_PATTERN, MARK_RANGE_PATTERN, MAXIMUM_PORT, MAXIMUM_PREFIXES, NAME_PATTERN } from './limits.js';
import { RULE } from './rule-texts.js';

const ADDRESS: StringFormat = {
  name: 'address',
  what: 'an IPv4 or IPv6 address',
  maximumLength: 45,
  test: isAddress,
  describe: describeBadAddress,
  rule: {
    rule: 'isIP(self) && ip.isCanonical(self)',
    message: 'expected an IPv4 or IPv6 address in its canonical form',
  },
};

const MULTICAST_GROUP: StringFormat = {
  name: 'multicast-address',
  what: 'a multicast address',
  maximumLength: 45,
  test: isMulticastAddress,
  describe: describeBadMulticastGroup,
  rule: {
    rule: "isIP(self) && ip.isCanonical(self) && (cidr('224.0.0.0/4').containsIP(self) || cidr('ff00::/8').containsIP(self))",
    message: 'expected a multicast address in its canonical form',
  },
};

const PREFIX: StringFormat = {
  name: 'prefix',
  what: 'a range of addresses such as 10.0.0.0/16',
  maximumLength: 49,
  test: isPrefix,
  describe: describeBadPrefix,
  rule: {
    rule: 'isCIDR(self) && cidr(self) == cidr(self).masked() && ip.isCanonical(self.split("/")[0])',
    message: 'expected a range of addresses in its canonical form, such as 10.0.0.0/16',
  },
};

const MARK_RANGE: StringFormat = {
  name: 'mark-range',
  what: 'a firewall mark such as "7" or a range such as "1000-1999"',
  maximumLength: 21,
  test: isMarkRange,
  describe: describeBadMarkRange,
  rule: {
    rule: `self.matches('${MARK_RANGE_PATTERN}') && self.split('-').all(mark, int(mark) <= 4294967295) && int(self.split('-')[0]) <= int(self.split('-')[self.split('-').size() - 1])`,
    message: 'expected a firewall mark such as "7" or a range such as "1000-1999"',
  },
};

export const address = (): z.ZodString => formatted(ADDRESS);
export const multicastGroup = (): z.ZodString => formatted(MULTICAST_GROUP);
export const prefixes = (): z.ZodArray<z.ZodString> =>
  list(formatted(PREFIX), { maximum: MAXIMUM_PREFIXES, keys: 'set' });
export const markRanges = (): z.ZodArray<z.ZodString> =>
  list(formatted(MARK_RANGE), { maximum: MAXIMUM_PREFIXES, keys: 'set' });
export const port = (minimum: 0 | 1): z.ZodInt => wholeNumber(minimum, MAXIMUM_PORT);
export const label = (what: string): z.ZodString =>
  pattern(`${what} of at most 63 lower-case letters, digits and "-"`, LABEL_PATTERN, 63);

const LABEL_KEY_PATTERN = '^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$';
const labelKey = 'a label key, such as app or example.org/app';

const SELECTOR_RULE = {
  rule: "(has(self.values) && self.values.size() > 0) == (self.operator in ['In', 'NotIn'])",
  message: RULE.selectorValues,
};

/** A selector of nodes or namespaces, as everywhere in Kubernetes. */
export const labelSelector = () =>
  mapping(
    {
      matchLabels: textMap(LABEL_KEY_PATTERN, labelKey, 63).describe('Labels, all of which must be there.').optional(),
      matchExpressions: list(
        mapping(
          {
            key: pattern(labelKey, LABEL_KEY_PATTERN, 317).describe("A label's key."),
            operator: oneOf(['In', 'NotIn', 'Exists', 'DoesNotExist']).describe('What must hold of it.'),
            values: list(text('a label value', 0, 63), { maximum: 64 })
              .describe('For In and NotIn.')
              .optional(),
          },
          { 'x-kubernetes-validations': [SELECTOR_RULE] },
        ),
        { maximum: 64 },
      )
        .describe('Conditions, all of which must hold.')
        .optional(),
    },
    { 'x-kubernetes-map-type': 'atomic' },
  );

/**
 * What a person writes, and without a closer look what `kubectl get -o yaml` adds. The rest of the schema is strict, and
 * so is this: a misspelt `namespace` must not put an object into the default one.
 */
const metadataFields = {
  name: pattern('a name of at most 253 lower-case letters, digits, "-" and "."', NAME_PATTERN, 253),
  labels: textMap(LABEL_KEY_PATTERN, labelKey, 63).optional(),
  annotations: textMap(LABEL_KEY_PATTERN, 'an annotation key, such as example.org/note', 262_144).optional(),
  generateName: z.unknown().optional(),
  uid: z.unknown().optional(),
  resourceVersion: z.unknown().optional(),
  generation: z.unknown().optional(),
  selfLink: z.unknown().optional(),
  creationTimestamp: z.unknown().optional(),
  deletionTimestamp: z.unknown().optional(),
  deletionGracePeriodSeconds: z.unknown().optional(),
  finalizers: z.unknown().optional(),
  ownerReferences: z.unknown().optional(),
  managedFields: z.unknown().optional(),
};

export const clusterMetadata = () => mapping(metadataFields);
export const namespacedMetadata = () => mapping({ ...metadataFields, namespace: label('a namespace').optional() });
