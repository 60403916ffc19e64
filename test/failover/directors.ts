import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FARM_COMBINATIONS, FARM_METHODS, virtualAddressesOf } from '../e2e/farm.js';
import type { FarmServer } from '../e2e/farm.js';
import { run, runWell, start } from '../e2e/process.js';
import type { Running } from '../e2e/process.js';
import { virtualService, yamlStream } from '../e2e/yaml.js';

/** What both programs are told, each in its own words: services with every method in both families, and how their servers are asked over TCP. */
export interface Settings {
  readonly port: number;
  readonly servers: readonly FarmServer[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** So many failures in a row make a server fail; one success brings it back. */
  readonly fall: number;
}

/** A program that checks servers and tells IPVS. */
export interface Director {
  readonly name: string;
  start(settings: Settings): Running;
}

const FOLDER = '/run/failover';
const STARTED_WITHIN_SECONDS = 60;
/** keepalived's words for the methods. */
const KINDS = { Masquerade: 'NAT', DirectRouting: 'DR', Tunnel: 'TUN' };

export const OURS: Director = {
  name: 'ours',
  start: ({ port, servers, intervalSeconds, timeoutSeconds, fall }) => {
    const folder = join(FOLDER, 'services');
    mkdirSync(folder, { recursive: true });
    const services = FARM_METHODS.map((method) =>
      virtualService('failover', method.toLowerCase(), {
        addresses: Object.values(virtualAddressesOf(method)),
        ports: [{ port }],
        scheduler: 'rr',
        forwarding: { method },
        realServers: servers.flatMap(({ ipv4, ipv6 }) => [{ address: ipv4 }, { address: ipv6 }]),
        health: { checks: [{ name: 'connect', type: 'TCP', intervalSeconds, timeoutSeconds, rise: 1, fall }] },
      }),
    );
    writeFileSync(join(folder, 'farm.yaml'), yamlStream(services));
    const flags = ['--state-dir', join(FOLDER, 'state'), '--data-dir', join(FOLDER, 'data'), '--listen', 'none'];
    return start([process.execPath, 'dist/command/main.js', 'run', '-f', folder, ...flags], { timeoutSeconds: 3600 });
  },
};

export const KEEPALIVED: Director = {
  name: 'keepalived',
  start: ({ port, servers, intervalSeconds, timeoutSeconds, fall }) => {
    mkdirSync(FOLDER, { recursive: true });
    const file = join(FOLDER, 'keepalived.conf');
    // A failed check is repeated so many times before it counts.
    const pace = `connect_timeout ${timeoutSeconds}\n retry ${fall - 1}\n delay_before_retry ${intervalSeconds}`;
    const blocks = FARM_COMBINATIONS.map(({ method, family, address }) => {
      const settings = `delay_loop ${intervalSeconds}\n lb_algo rr\n lb_kind ${KINDS[method]}\n protocol TCP`;
      const blocks = servers.map((server) => {
        const own = family === 'IPv4' ? server.ipv4 : server.ipv6;
        return `real_server ${own} ${port} {\n TCP_CHECK {\n ${pace}\n }\n }`;
      });
      return `virtual_server ${address} ${port} {\n ${settings}\n ${blocks.join('\n ')}\n}\n`;
    });
    writeFileSync(file, blocks.join(''));
    const command = ['keepalived', '--dont-fork', '--check', '--no-syslog', '--use-file', file];
    return start(command, { timeoutSeconds: 3600 });
  },
};

/** Starts a director and waits until all servers are in the table. */
export async function startDirector(director: Director, settings: Settings): Promise<Running> {
  const running = director.start(settings);
  const wanted = FARM_COMBINATIONS.length * settings.servers.length;
  const deadline = performance.now() + STARTED_WITHIN_SECONDS * 1000;
  while (performance.now() < deadline) {
    const { stdout } = await run(['ipvsadm', '-Sn']);
    if (stdout.split('\n').filter((row) => row.startsWith('-a ')).length === wanted) return running;
    await sleep(200);
  }
  running.kill();
  throw new Error(`${director.name} did not start: ${(await running.outcome).stderr}`);
}

/** Ends it, and leaves an empty table. */
export async function stopDirector(running: Running): Promise<void> {
  running.kill('SIGTERM');
  await running.outcome;
  await runWell(['ipvsadm', '-C']);
}
