import { writeResourceDefinition } from './crd.js';
import {
  DIRECTOR_SCHEMA,
  DIRECTOR_STATUS_SCHEMA,
  VIRTUAL_SERVICE_SCHEMA,
  VIRTUAL_SERVICE_STATUS_SCHEMA,
} from './schemas.js';

const AGE = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' } as const;

export function writeVirtualServiceDefinition(): string {
  return writeResourceDefinition(
    {
      kind: 'VirtualService',
      plural: 'virtualservices',
      singular: 'virtualservice',
      shortNames: ['ipvs'],
      categories: ['ipvs-operator'],
      scope: 'Namespaced',
      description:
        'Virtual services of IPVS: addresses with ports, or a firewall mark, and the real servers behind them.',
    },
    VIRTUAL_SERVICE_SCHEMA,
    VIRTUAL_SERVICE_STATUS_SCHEMA,
    [
      { name: 'VIP', type: 'string', jsonPath: '.status.summary.addresses' },
      { name: 'Ports', type: 'string', jsonPath: '.status.summary.ports' },
      { name: 'Proto', type: 'string', jsonPath: '.status.summary.protocols' },
      { name: 'Sched', type: 'string', jsonPath: '.spec.scheduler' },
      { name: 'Ready', type: 'string', jsonPath: '.status.summary.ready' },
      { name: 'Directors', type: 'string', jsonPath: '.status.summary.directors' },
      AGE,
    ],
  );
}

export function writeDirectorDefinition(): string {
  return writeResourceDefinition(
    {
      kind: 'Director',
      plural: 'directors',
      singular: 'director',
      categories: ['ipvs-operator'],
      scope: 'Cluster',
      description:
        'What is true of a director as a whole: timeouts, sync daemons, sysctls, and whose which services are.',
    },
    DIRECTOR_SCHEMA,
    DIRECTOR_STATUS_SCHEMA,
    [{ name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' }, AGE],
  );
}
