/** What a run asks: so many servers, each an address of the loopback, once a second. */
export interface Load {
  readonly name: 'TCP' | 'HTTP';
  readonly servers: number;
  readonly port: number;
}

export const TCP_LOAD: Load = { name: 'TCP', servers: 5_000, port: 7_001 };
export const LOADS: readonly Load[] = [TCP_LOAD, { name: 'HTTP', servers: 2_000, port: 7_002 }];

const INTERVAL_SECONDS = 1;
const TIMEOUT_SECONDS = 1;

/** The program's own address of each server of a load. */
export function addressesOf({ name, servers }: Load): readonly string[] {
  const network = name === 'TCP' ? 1 : 2;
  return Array.from({ length: servers }, (_, i) => `127.${network}.${1 + (i >> 8)}.${i & 255}`);
}

const SERVERS_PER_SERVICE = 100;

/** Services with all servers of a load, asked as in `declarationOf`. */
export function servicesOf(load: Load): string {
  const addresses = addressesOf(load);
  const documents: string[] = [];
  for (let first = 0; first < addresses.length; first += SERVERS_PER_SERVICE) {
    const servers = addresses.slice(first, first + SERVERS_PER_SERVICE).map((address) => `    - address: ${address}`);
    const number = first / SERVERS_PER_SERVICE;
    documents.push(`
apiVersion: ipvs-operator.io/v1alpha1
kind: VirtualService
metadata: { name: asked-${number} }
spec:
  addresses: [192.0.2.${number + 1}]
  ports: [{ port: ${load.port} }]
  realServers:
${servers.join('\n')}
  health:
    checks: [{ name: check, type: ${load.name}, intervalSeconds: ${INTERVAL_SECONDS}, timeoutSeconds: ${TIMEOUT_SECONDS} }]
`);
  }
  return documents.join('---');
}

/** The check of this load, as people declare it. */
export function declarationOf({ name, port }: Load): string {
  return `
apiVersion: ipvs-operator.io/v1alpha1
kind: VirtualService
metadata: { name: soak }
spec:
  addresses: [192.0.2.1]
  ports: [{ port: ${port} }]
  realServers: [{ address: 198.51.100.1 }]
  health:
    checks: [{ name: check, type: ${name}, intervalSeconds: ${INTERVAL_SECONDS}, timeoutSeconds: ${TIMEOUT_SECONDS} }]
`;
}

/** The same load for keepalived. */
export function keepalivedConfiguration(load: Load): string {
  const pace = `connect_timeout ${TIMEOUT_SECONDS}\n    retry 2\n    delay_before_retry ${INTERVAL_SECONDS}`;
  const check =
    load.name === 'TCP'
      ? `TCP_CHECK {\n    ${pace}\n  }`
      : `HTTP_GET {\n    url {\n      path /\n      status_code 200\n    }\n    ${pace}\n  }`;
  const servers = addressesOf(load).map((address) => `  real_server ${address} ${load.port} {\n  ${check}\n  }`);
  const settings = `  delay_loop ${INTERVAL_SECONDS}\n  lb_algo rr\n  lb_kind NAT\n  protocol TCP`;
  return `virtual_server 192.0.2.1 ${load.port} {\n${settings}\n${servers.join('\n')}\n}\n`;
}
