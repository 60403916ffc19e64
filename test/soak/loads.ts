/** What a run asks: so many servers, each an address of the loopback, once a second. */
export interface Load {
  readonly name: 'TCP' | 'HTTP';
  readonly servers: number;
  readonly port: number;
}

const INTERVAL_SECONDS = 1;
const TIMEOUT_SECONDS = 1;

/** The program's own address of each server of a load. */
export function addressesOf({ name, servers }: Load): readonly string[] {
  const network = name === 'TCP' ? 1 : 2;
  return Array.from({ length: servers }, (_, i) => `127.${network}.${1 + (i >> 8)}.${i & 255}`);
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
