import type { ServiceKey, ServiceSettings } from '../../src/model/index.js';
import type { OperationCase } from './operation-case.js';
import {
  addServer,
  addService,
  DNS,
  editService,
  makeServer,
  MARK,
  MARK_IPV6,
  MISSING,
  PERSISTENT,
  PERSISTENT_IPV6,
  WEB,
  WEB_IPV6,
  WLC,
} from './samples.js';

const withSip = { ...PERSISTENT, engine: 'sip' };

/** A success that leaves one service as it was asked for. */
function adds(name: string, key: ServiceKey, settings: Partial<ServiceSettings> = {}): OperationCase {
  return {
    name,
    operation: addService(key, settings),
    outcome: 'Done',
    leaves: { services: [{ key, settings: { ...WLC, ...settings }, servers: [] }] },
  };
}

function edits(name: string, from: Partial<ServiceSettings>, to: Partial<ServiceSettings>): OperationCase {
  return {
    name,
    given: [addService(WEB, from), addServer(WEB)],
    operation: editService(WEB, to),
    outcome: 'Done',
    leaves: { services: [{ key: WEB, settings: { ...WLC, ...to }, servers: [makeServer()] }] },
  };
}

export const serviceCases: readonly OperationCase[] = [
  adds('adds an IPv4 service', WEB),
  adds('adds an IPv6 service', WEB_IPV6),
  adds('adds an SCTP service', { ...WEB, protocol: 'SCTP' }),
  adds('adds a service on every port', { ...WEB, port: 0 }, { persistence: PERSISTENT }),
  adds('adds a service by firewall mark', MARK),
  adds('adds a service by the highest firewall mark', { firewallMark: 0xffffffff, family: 'IPv4' }),
  adds('adds an IPv6 service by firewall mark', MARK_IPV6),
  adds('keeps scheduler flags', WEB, { scheduler: 'sh', schedulerFlags: 3 }),
  adds('keeps scheduler flags that the scheduler does not know', WEB, { schedulerFlags: 7 }),
  adds('keeps one-packet scheduling', DNS, { onePacketScheduling: true }),
  adds('keeps an IPv4 netmask', WEB, { persistence: { ...PERSISTENT, netmask: '255.255.255.0' } }),
  adds('keeps an IPv4 netmask with holes', WEB, { persistence: { ...PERSISTENT, netmask: '255.0.255.0' } }),
  adds('keeps an empty IPv4 netmask', WEB, { persistence: { ...PERSISTENT, netmask: '0.0.0.0' } }),
  adds('keeps an IPv6 netmask', WEB_IPV6, { persistence: { ...PERSISTENT_IPV6, netmask: '64' } }),
  adds('keeps a timeout of 31 days', WEB, { persistence: { ...PERSISTENT, timeoutSeconds: 2_678_400 } }),
  adds('keeps a persistence engine', DNS, { persistence: withSip }),
  adds('keeps a persistence engine without persistence', DNS, { strayEngine: 'sip' }),
  adds('adds a service without scheduler', WEB, { scheduler: '' }),
  {
    name: 'keeps both families of one firewall mark apart',
    given: [addService(MARK, { scheduler: 'rr' })],
    operation: addService(MARK_IPV6),
    outcome: 'Done',
    leaves: {
      services: [
        { key: MARK, settings: { ...WLC, scheduler: 'rr' }, servers: [] },
        { key: MARK_IPV6, settings: WLC, servers: [] },
      ],
    },
  },
  {
    name: 'answers EEXIST where the service exists, whatever else is wrong',
    given: [addService()],
    operation: addService(WEB, { scheduler: MISSING }),
    outcome: 'EEXIST',
  },
  {
    name: 'answers ENOENT to a scheduler that the kernel lacks',
    operation: addService(WEB, { scheduler: MISSING }),
    outcome: 'ENOENT',
  },
  {
    name: 'answers ENOENT to a persistence engine that the kernel lacks',
    operation: addService(DNS, { persistence: { ...PERSISTENT, engine: MISSING } }),
    outcome: 'ENOENT',
  },
  {
    name: 'answers ENOENT to a persistence engine that the kernel lacks, without persistence too',
    operation: addService(DNS, { strayEngine: MISSING }),
    outcome: 'ENOENT',
  },
  {
    name: 'answers EINVAL to an IPv6 prefix length of 0',
    operation: addService(WEB_IPV6, { persistence: { ...PERSISTENT, netmask: '0' } }),
    outcome: 'EINVAL',
  },
  {
    name: 'answers EINVAL to an IPv6 prefix length of 129',
    operation: addService(MARK_IPV6, { persistence: { ...PERSISTENT, netmask: '129' } }),
    outcome: 'EINVAL',
  },

  edits('changes the scheduler and keeps the servers', {}, { scheduler: 'rr' }),
  edits('takes the scheduler away', {}, { scheduler: '' }),
  edits('gives a service without scheduler one', { scheduler: '' }, { scheduler: 'wrr' }),
  edits('sets persistence', {}, { persistence: { ...PERSISTENT, netmask: '255.255.0.0' } }),
  edits('changes persistence', { persistence: PERSISTENT }, { persistence: { ...PERSISTENT, timeoutSeconds: 60 } }),
  edits('removes persistence', { persistence: withSip }, { persistence: null }),
  edits('sets a persistence engine', { persistence: PERSISTENT }, { persistence: withSip }),
  edits('removes a persistence engine that is not named', { persistence: withSip }, { persistence: PERSISTENT }),
  edits('removes a persistence engine without persistence', { strayEngine: 'sip' }, {}),
  edits('leaves the engine where persistence goes', { persistence: withSip }, { strayEngine: 'sip' }),
  edits('clears flags', { scheduler: 'sh', schedulerFlags: 3, onePacketScheduling: true }, { scheduler: 'sh' }),
  edits('changes nothing where nothing differs', { persistence: withSip }, { persistence: withSip }),
  { name: 'answers ESRCH where the service is missing', operation: editService(WEB), outcome: 'ESRCH' },
  {
    name: 'answers ENOENT to a scheduler that the kernel lacks, and keeps the old one',
    given: [addService()],
    operation: editService(WEB, { scheduler: MISSING }),
    outcome: 'ENOENT',
  },
  {
    name: 'answers ENOENT to a persistence engine that the kernel lacks, and keeps the scheduler too',
    given: [addService(WEB, { persistence: withSip })],
    operation: editService(WEB, { scheduler: 'rr', persistence: { ...PERSISTENT, engine: MISSING } }),
    outcome: 'ENOENT',
  },
  {
    name: 'answers EINVAL to an IPv6 prefix length of 129, and keeps the scheduler too',
    given: [addService(WEB_IPV6)],
    operation: editService(WEB_IPV6, { scheduler: 'rr', persistence: { ...PERSISTENT, netmask: '129' } }),
    outcome: 'EINVAL',
  },

  {
    name: 'deletes a service with its servers, and no other one',
    given: [addService(), addServer(WEB), addService(DNS)],
    operation: { kind: 'DeleteService', key: WEB },
    outcome: 'Done',
    leaves: { services: [{ key: DNS, settings: WLC, servers: [] }] },
  },
  {
    name: 'deletes one family of a firewall mark',
    given: [addService(MARK), addService(MARK_IPV6)],
    operation: { kind: 'DeleteService', key: MARK },
    outcome: 'Done',
    leaves: { services: [{ key: MARK_IPV6, settings: WLC, servers: [] }] },
  },
  {
    name: 'answers ESRCH where the service is missing',
    given: [addService(MARK)],
    operation: { kind: 'DeleteService', key: MARK_IPV6 },
    outcome: 'ESRCH',
  },
];
