import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../errors/index.js';
import type { ManualDrain } from '../health/index.js';
import type { IpvsKernel } from '../kernel/index.js';
import { canonicalAddress, parseServiceKeyText } from '../model/index.js';
import type { ObservedService } from '../model/index.js';

/**
 * Understands `192.168.0.1`, `192.168.0.1:80`, `[fd00::1]:80`, and for the service `shop/web`, `web` and
 * `TCP 10.0.0.1:80`. Throws a `UserError` for anything else.
 */
export function parseDrained(server: string, service: string | undefined): ManualDrain {
  const whole = canonicalAddress(server);
  const [, ipv6, ipv4, portText = ''] = /^(?:\[([^\]]+)\]|([0-9.]+)):([0-9]{1,5})$/.exec(server) ?? [];
  const address = whole ?? canonicalAddress(ipv6 ?? ipv4 ?? '');
  const port = whole === undefined ? Number(portText) : null;
  if (address === undefined || (port !== null && port > 65_535)) {
    throw new UserError(`${server} is no real server`, { hint: 'write an address, or address:port' });
  }
  return { address, port, service: service === undefined ? null : parseService(service) };
}

function parseService(name: string): string {
  if (parseServiceKeyText(name) !== undefined) return name;
  const isName = /^([a-z0-9.-]+\/)?[a-z0-9.-]+$/.test(name);
  if (!isName) {
    throw new UserError(`${name} is no virtual service`, { hint: 'write shop/web, web or "TCP 10.0.0.1:80"' });
  }
  return `VirtualService ${name.includes('/') ? name : `default/${name}`}`;
}

/** The server in one service, as the kernel has it. */
export interface SeenServer {
  readonly weight: number;
  readonly connections: number;
}

const LOOK_MILLISECONDS = 1000;

/** Looks again and again, until the signal, how the server is in each of these services, as far as it has it. */
export async function* watchServer(
  kernel: IpvsKernel,
  drain: ManualDrain,
  services: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<readonly (readonly SeenServer[])[]> {
  const keys = services.map(parseServiceKeyText).filter((key) => key !== undefined);
  while (!signal.aborted) {
    const observed = await kernel.readObservedServices(keys);
    yield observed.map((service) => (service === undefined ? [] : findServer(service, drain)));
    // An interruption ends the waiting, and then the loop.
    await wait(LOOK_MILLISECONDS, undefined, { signal }).catch(() => undefined);
  }
}

/** Of UDP all connections count as inactive; of TCP those are ending. */
function findServer({ key, servers }: ObservedService, { address, port }: ManualDrain): readonly SeenServer[] {
  const isTcp = key.firewallMark === undefined && key.protocol === 'TCP';
  return servers
    .filter((server) => server.address === address && (port === null || server.port === port))
    .map(({ weight, connections: { active, inactive } }) => ({
      weight,
      connections: isTcp ? active : active + inactive,
    }));
}
