import type { ObservedTable } from '../../kernel/index.js';
import { serviceKeyText } from '../../model/index.js';
import type { ObservedRealServer, ObservedService, ServiceKey, Statistics } from '../../model/index.js';
import { escapeLabel, Lines } from './lines.js';

interface Metric<Subject> {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly valueOf: (subject: Subject) => number;
}

/**
 * The counters and rates of all services and real servers. The labels are those of node_exporter, with the virtual
 * service besides. Services by firewall mark have `proto="FWM"` or, for IPv6, `proto="FWM6"`, and no local address: so
 * no two services have the same labels.
 *
 * @param objectOf the declared object behind a service key, as `shop/web`
 */
export async function* writeTrafficMetrics(
  table: ObservedTable,
  objectOf: (key: string) => string | undefined,
  pause: () => Promise<void>,
): AsyncGenerator<string> {
  const services = [...table.values()].map((service) => ({
    service,
    labels: serviceLabels(service.key, objectOf(serviceKeyText(service.key)) ?? ''),
  }));
  for (const metric of SERVICE_METRICS) {
    const lines = new Lines(header('ipvs_service', metric));
    for (const { service, labels } of services) {
      lines.add(`ipvs_service_${metric.name}{${labels}} ${metric.valueOf(service)}\n`);
      if (lines.isFull) {
        yield lines.take();
        await pause();
      }
    }
    yield lines.take();
  }
  for (const metric of SERVER_METRICS) {
    const lines = new Lines(header('ipvs_backend', metric));
    for (const { service, labels } of services) {
      for (const server of service.servers) {
        lines.add(
          `ipvs_backend_${metric.name}{${labels},remote_address="${server.address}",remote_port="${server.port}"} ` +
            `${metric.valueOf(server)}\n`,
        );
      }
      if (lines.isFull) {
        yield lines.take();
        await pause();
      }
    }
    yield lines.take();
  }
}

function header(prefix: string, { name, type, help }: Metric<never>): string {
  return `# HELP ${prefix}_${name} ${help}\n# TYPE ${prefix}_${name} ${type}\n`;
}

function serviceLabels(key: ServiceKey, object: string): string {
  const [address, port, protocol, mark] =
    key.firewallMark === undefined
      ? [key.address, key.port, key.protocol, '']
      : ['', 0, key.family === 'IPv6' ? 'FWM6' : 'FWM', key.firewallMark];
  return (
    `local_address="${address}",local_port="${port}",proto="${protocol}",local_mark="${mark}",` +
    `virtual_service="${escapeLabel(object)}"`
  );
}

const STATISTICS: readonly Metric<{ readonly statistics: Statistics }>[] = [
  counter('connections_total', 'Connections that were scheduled.', 'connections'),
  counter('incoming_packets_total', 'Packets from clients.', 'incomingPackets'),
  counter('outgoing_packets_total', 'Packets to clients, as far as they come back this way.', 'outgoingPackets'),
  counter('incoming_bytes_total', 'Bytes from clients.', 'incomingBytes'),
  counter('outgoing_bytes_total', 'Bytes to clients, as far as they come back this way.', 'outgoingBytes'),
  rate('connections_per_second', "The kernel's estimate of new connections.", 'connectionsPerSecond'),
  rate('incoming_packets_per_second', "The kernel's estimate.", 'incomingPacketsPerSecond'),
  rate('outgoing_packets_per_second', "The kernel's estimate.", 'outgoingPacketsPerSecond'),
  rate('incoming_bytes_per_second', "The kernel's estimate.", 'incomingBytesPerSecond'),
  rate('outgoing_bytes_per_second', "The kernel's estimate.", 'outgoingBytesPerSecond'),
];

function counter(name: string, help: string, field: keyof Statistics): Metric<{ readonly statistics: Statistics }> {
  return { name, type: 'counter', help, valueOf: ({ statistics }) => statistics[field] };
}

function rate(name: string, help: string, field: keyof Statistics): Metric<{ readonly statistics: Statistics }> {
  return { name, type: 'gauge', help, valueOf: ({ statistics }) => statistics[field] };
}

const SERVICE_METRICS: readonly Metric<ObservedService>[] = STATISTICS;

const SERVER_METRICS: readonly Metric<ObservedRealServer>[] = [
  ...STATISTICS,
  {
    name: 'connections_active',
    type: 'gauge',
    help: 'Established connections.',
    valueOf: ({ connections }) => connections.active,
  },
  {
    name: 'connections_inactive',
    type: 'gauge',
    help: 'Connections in other states.',
    valueOf: ({ connections }) => connections.inactive,
  },
  {
    name: 'connections_persistent',
    type: 'gauge',
    help: 'Persistence templates.',
    valueOf: ({ connections }) => connections.persistent,
  },
  { name: 'weight', type: 'gauge', help: 'The weight in the kernel.', valueOf: ({ weight }) => weight },
];
