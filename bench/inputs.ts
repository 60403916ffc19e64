/**
 * What the benchmarks declare: many services with a few real servers each, in each tool's own words. The addresses are
 * those of floor.c.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const SERVICES = 10_000;
export const SERVERS = 10;
export const NAMESPACE = 'bench';
/** The weight that the edited inputs give to the first server of the last service; all others are 1. */
const EDITED_WEIGHT = 2;
const DOCUMENTS_PER_FILE = 100;
const VIRTUAL_PORT = 80;
const SERVER_PORT = 8080;

export function serviceName(service: number): string {
  return `service-${String(service).padStart(5, '0')}`;
}

/** The file that declares a service, in the folders that `writeInputs` writes. */
export function fileOf(service: number): string {
  const first = service - (service % DOCUMENTS_PER_FILE);
  return `services-${String(first).padStart(5, '0')}.yaml`;
}

/** 10.0.0.1, 10.0.0.2, … */
export function serviceAddress(service: number): string {
  const host = service + 1;
  return `10.${host >> 16}.${(host >> 8) & 0xff}.${host & 0xff}`;
}

/** 192.168.0.1, 192.168.0.2, … of the first service; 250 services share one range. */
export function serverAddress(service: number, server: number): string {
  return `192.168.${service % 250}.${server + 1}`;
}

type WeightOf = (service: number, server: number) => number;

const plainWeight: WeightOf = () => 1;
const editedWeight: WeightOf = (service, server) => (service === SERVICES - 1 && server === 0 ? EDITED_WEIGHT : 1);

function virtualService(service: number, weightOf: WeightOf): string {
  const lines = [
    'apiVersion: ipvs-operator.io/v1alpha1',
    'kind: VirtualService',
    'metadata:',
    `  name: ${serviceName(service)}`,
    `  namespace: ${NAMESPACE}`,
    'spec:',
    `  addresses: [${serviceAddress(service)}]`,
    '  ports:',
    `    - { name: http, port: ${VIRTUAL_PORT}, targetPort: ${SERVER_PORT} }`,
    '  scheduler: wlc',
    '  realServers:',
  ];
  for (let server = 0; server < SERVERS; server++) {
    lines.push(`    - address: ${serverAddress(service, server)}`, `      weight: ${weightOf(service, server)}`);
  }
  return lines.join('\n') + '\n';
}

/** The same as an object of an API server. */
export function virtualServiceObject(service: number): object {
  return {
    apiVersion: 'ipvs-operator.io/v1alpha1',
    kind: 'VirtualService',
    metadata: { name: serviceName(service), namespace: NAMESPACE },
    spec: {
      addresses: [serviceAddress(service)],
      ports: [{ name: 'http', port: VIRTUAL_PORT, targetPort: SERVER_PORT }],
      scheduler: 'wlc',
      realServers: Array.from({ length: SERVERS }, (_, server) => ({
        address: serverAddress(service, server),
        weight: 1,
      })),
    },
  };
}

function keepalivedServer(service: number, weightOf: WeightOf): string {
  const lines = [
    `virtual_server ${serviceAddress(service)} ${VIRTUAL_PORT} {`,
    '    lvs_sched wlc',
    '    lvs_method NAT',
    '    protocol TCP',
  ];
  for (let server = 0; server < SERVERS; server++) {
    const weight = weightOf(service, server);
    lines.push(
      `    real_server ${serverAddress(service, server)} ${SERVER_PORT} {`,
      `        weight ${weight}`,
      '    }',
    );
  }
  return [...lines, '}', ''].join('\n');
}

function ipvsadmRules(service: number): string {
  const selector = `-t ${serviceAddress(service)}:${VIRTUAL_PORT}`;
  const lines = [`-A ${selector} -s wlc`];
  for (let server = 0; server < SERVERS; server++) {
    lines.push(`-a ${selector} -r ${serverAddress(service, server)}:${SERVER_PORT} -m -w 1`);
  }
  return lines.join('\n') + '\n';
}

function textOf(services: number, write: (service: number) => string, separator = ''): string {
  return Array.from({ length: services }, (_, service) => write(service)).join(separator);
}

function writeDocuments(folder: string, services: number, weightOf: WeightOf): void {
  mkdirSync(folder, { recursive: true });
  for (let first = 0; first < services; first += DOCUMENTS_PER_FILE) {
    const text = textOf(DOCUMENTS_PER_FILE, (i) => virtualService(first + i, weightOf), '---\n');
    writeFileSync(join(folder, fileOf(first)), text);
  }
}

/**
 * Writes:
 *
 *     declared/         YAML files of 100 documents each, one document for each service
 *     declared-edited/  the same with one changed weight
 *     declared-1000/    the first 1,000 services
 *     keepalived.conf, keepalived-edited.conf
 *     ipvsadm-1000.rules
 */
export function writeInputs(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  writeDocuments(join(folder, 'declared'), SERVICES, plainWeight);
  writeDocuments(join(folder, 'declared-edited'), SERVICES, editedWeight);
  writeDocuments(join(folder, 'declared-1000'), 1000, plainWeight);
  const keepalived = (weightOf: WeightOf): string => textOf(SERVICES, (i) => keepalivedServer(i, weightOf));
  writeFileSync(join(folder, 'keepalived.conf'), keepalived(plainWeight));
  writeFileSync(join(folder, 'keepalived-edited.conf'), keepalived(editedWeight));
  writeFileSync(join(folder, 'ipvsadm-1000.rules'), textOf(1000, ipvsadmRules));
}
