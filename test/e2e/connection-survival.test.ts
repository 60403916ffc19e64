import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConnections } from './connection-table.js';
import { declared, editServers, OTHER_PORT, PORT, serversOf, yamlOf } from './declared-shop.js';
import type { Declared } from './declared-shop.js';
import { buildNetwork, VIRTUAL_IPV4, VIRTUAL_IPV6 } from './network.js';
import type { Connection } from './host.js';
import type { Network } from './network.js';
import { runWell } from './process.js';
import { openWorkplace } from './product.js';
import type { Workplace } from './product.js';

let network: Network;
let workplace: Workplace;
/** Connections to the service `web`, one of each family. The first server has them and keeps them. */
let held: readonly Connection[];

beforeAll(async () => {
  network = await buildNetwork({ servers: 3 });
  workplace = await openWorkplace();
  await Promise.all(network.servers.map((server, i) => server.listen('TCP', '::', PORT, `server${i + 1}`)));
  const alone = declared();
  alone.web.realServers = serversOf(1);
  await apply(alone);
  held = [await network.client.connect(VIRTUAL_IPV4, PORT), await network.client.connect(VIRTUAL_IPV6, PORT)];
  await expectHeldConnectionsToLive();
});

afterAll(async () => {
  await network.close();
  await workplace.remove();
});

function apply(state: Declared): Promise<string> {
  return workplace.apply(yamlOf(state), '--prune');
}

/** Bytes flow both ways, and the director lists the connections with the server that always had them. */
async function expectHeldConnectionsToLive(): Promise<void> {
  const answers = await Promise.all(held.map((connection) => connection.ask('are you there?')));
  expect(answers).toEqual(['server1 are you there?', 'server1 are you there?']);
  const listed = await readConnections();
  const servers = held.map(({ localPort }) =>
    listed
      .filter(({ client, virtual }) => client.port === localPort && virtual.port === PORT)
      .map(({ server, state }) => `${server.address} ${server.port} ${state}`),
  );
  expect(servers).toEqual([['10.2.1.2 8080 ESTABLISHED'], ['fd02:1::2 8080 ESTABLISHED']]);
}

/** Which servers answer this many new connections, one after the other. */
async function serversOfNewConnections(count: number, address = VIRTUAL_IPV4, port = PORT): Promise<readonly string[]> {
  const names: string[] = [];
  for (let i = 0; i < count; i++) {
    const connection = await network.client.connect(address, port);
    names.push((await connection.ask('who?')).split(' ')[0] ?? '');
    await connection.close();
  }
  return names.sort();
}

interface Edit {
  readonly title: string;
  readonly edit: (state: Declared) => void;
  /** What the edit means for connections that come after it. */
  readonly afterwards?: () => Promise<void>;
}

const edits: readonly Edit[] = [
  {
    title: 'the weight of its own server',
    edit: ({ web }) => {
      editServers(web, 1, { weight: 3 });
      web.scheduler = 'wrr';
    },
    afterwards: async () => {
      expect(await serversOfNewConnections(4)).toEqual(['server1', 'server1', 'server1', 'server2']);
    },
  },
  {
    title: 'draining its own server',
    edit: ({ web }) => {
      editServers(web, 1, { state: 'Drain' });
    },
    afterwards: async () => {
      expect(await serversOfNewConnections(3)).toEqual(['server2', 'server2', 'server2']);
    },
  },
  ...['wlc', 'lblcr'].map((scheduler) => ({
    title: `the scheduler ${scheduler}`,
    edit: ({ web }: Declared) => {
      web.scheduler = scheduler;
    },
  })),
  {
    title: 'the scheduler sh with flags',
    edit: ({ web }) => {
      web.scheduler = 'sh';
      web.schedulerFlags = ['sh-port', 'sh-fallback'];
    },
  },
  {
    title: 'the scheduler mh with flags',
    edit: ({ web }) => {
      web.scheduler = 'mh';
      web.schedulerFlags = ['mh-port'];
    },
  },
  {
    title: 'a threshold that its own server has reached already',
    edit: ({ web }) => {
      editServers(web, 1, { connectionThresholds: { upper: 1 } });
    },
    afterwards: async () => {
      expect(await serversOfNewConnections(3, VIRTUAL_IPV6)).toContain('server2');
      expect(await serversOfNewConnections(3, VIRTUAL_IPV6)).toEqual(['server2', 'server2', 'server2']);
    },
  },
  {
    title: 'persistence',
    edit: ({ web }) => {
      web.persistence = {};
    },
    afterwards: async () => {
      expect(new Set(await serversOfNewConnections(4)).size).toBe(1);
    },
  },
  {
    title: 'the timeout and the netmasks of persistence',
    edit: ({ web }) => {
      web.persistence = { timeoutSeconds: 60, ipv4PrefixLength: 24, ipv6PrefixLength: 64 };
    },
    afterwards: async () => {
      await serversOfNewConnections(1);
      const templates = (await readConnections()).filter(
        ({ client, virtual }) => client.port === 0 && virtual.port === PORT,
      );
      expect(templates.map(({ client }) => client.address)).toContain('10.1.0.0');
    },
  },
  {
    title: 'the end of persistence',
    edit: () => undefined,
    afterwards: async () => {
      expect(await serversOfNewConnections(4)).toEqual(['server1', 'server1', 'server2', 'server2']);
    },
  },
  {
    title: 'the addition of another server',
    edit: ({ web }) => {
      web.realServers.push(...serversOf(3));
    },
    afterwards: async () => {
      expect(await serversOfNewConnections(3)).toEqual(['server1', 'server2', 'server3']);
    },
  },
  {
    title: 'the removal of all other servers',
    edit: ({ web }) => {
      web.realServers = serversOf(1);
    },
    afterwards: async () => {
      expect(await serversOfNewConnections(2)).toEqual(['server1', 'server1']);
    },
  },
  {
    title: 'a new forwarding method of another server',
    edit: ({ web }) => {
      editServers(web, 2, { forwarding: { method: 'Tunnel', tunnel: { type: 'GRE' } } });
    },
  },
  {
    title: 'a new forwarding method of its own server, which is for connections that come later',
    edit: ({ web }) => {
      editServers(web, 1, { forwarding: { method: 'DirectRouting' } });
    },
  },
  {
    title: 'edits of another service',
    edit: ({ other }) => {
      if (other === null) return;
      other.scheduler = 'lc';
      other.persistence = {};
      other.realServers = serversOf(3);
    },
    afterwards: async () => {
      expect(await serversOfNewConnections(2, VIRTUAL_IPV4, OTHER_PORT)).toEqual(['server3', 'server3']);
    },
  },
  {
    title: 'the removal of another service',
    edit: (state) => {
      state.other = null;
    },
  },
  {
    title: 'the timeouts of the director',
    edit: (state) => {
      state.director.timeouts = { tcpSeconds: 1800, tcpFinSeconds: 60, udpSeconds: 30 };
    },
    afterwards: async () => {
      const ports = held.map(({ localPort }) => localPort);
      const listed = (await readConnections()).filter(({ client }) => ports.includes(client.port));
      for (const { expiresInSeconds } of listed) expect(expiresInSeconds).toBeGreaterThan(900);
    },
  },
  {
    title: 'sysctls of the director',
    // They stay as they are for the tests below. So not expire_nodest_conn, which ends the connections of a server that
    // leaves, and not conn_reuse_mode 0, which gives a new connection from a port used before to a server that has left.
    edit: (state) => {
      state.director.sysctls = { expire_quiescent_template: '1', nat_icmp_send: '1' };
    },
  },
];

describe('an established connection survives', () => {
  it.each(edits)('$title', async ({ edit, afterwards }) => {
    const state = declared();
    edit(state);
    await apply(state);
    await expectHeldConnectionsToLive();
    await afterwards?.();
  });
});

describe('an established connection survives another tool', () => {
  it('that edits the service, and the repair of that', async () => {
    await apply(declared());
    await runWell(['ipvsadm', '-E', '-t', `${VIRTUAL_IPV4}:${PORT}`, '-s', 'lc', '-p', '60']);
    await runWell(['ipvsadm', '-e', '-t', `${VIRTUAL_IPV4}:${PORT}`, '-r', `10.2.1.2:${PORT}`, '-m', '-w', '0']);
    await runWell(['ipvsadm', '-d', '-t', `${VIRTUAL_IPV4}:${PORT}`, '-r', `10.2.2.2:${PORT}`]);
    await expectHeldConnectionsToLive();
    await apply(declared());
    await expectHeldConnectionsToLive();
    expect(await serversOfNewConnections(2)).toEqual(['server1', 'server2']);
  });

  it('that makes and removes services of its own', async () => {
    const service = ['-t', `${VIRTUAL_IPV4}:82`];
    await runWell(['ipvsadm', '-A', ...service, '-s', 'rr']);
    await runWell(['ipvsadm', '-a', ...service, '-r', `10.2.3.2:${PORT}`, '-m']);
    await apply(declared());
    expect(await serversOfNewConnections(1, VIRTUAL_IPV4, 82)).toEqual(['server3']);
    await runWell(['ipvsadm', '-D', ...service]);
    await expectHeldConnectionsToLive();
  });

  it('that clears the whole table, once apply has put everything back', async () => {
    await runWell(['ipvsadm', '-C']);
    await apply(declared());
    await expectHeldConnectionsToLive();
  });
});

it('a server that left gets its connections back when it returns soon', async () => {
  const without = declared();
  without.web.realServers = serversOf(2);
  await apply(without);
  expect(await serversOfNewConnections(2)).toEqual(['server2', 'server2']);
  await apply(declared());
  await expectHeldConnectionsToLive();
});

it('a service whose servers are all replaced takes new connections all the time', async () => {
  // A first packet may be on its way to a server that leaves at this moment: with this it finds another one when it is
  // sent again, in the place of being dropped until the client gives up.
  await setExpireNodestConn(1);
  const state = declared();
  const done = new AbortController();
  let accepted = 0;
  // Nothing is asked: a server may leave between the connection and the question.
  const client = (async () => {
    for (; !done.signal.aborted; accepted++) {
      const connection = await network.client.connect(VIRTUAL_IPV4, OTHER_PORT);
      await connection.close();
    }
  })();
  // Its failure is awaited further down.
  client.catch(() => undefined);
  for (const number of [2, 3, 1]) {
    if (state.other !== null) state.other.realServers = serversOf(number);
    await Promise.race([apply(state), client]);
    expect(await serversOfNewConnections(1, VIRTUAL_IPV4, OTHER_PORT)).toEqual([`server${number}`]);
  }
  done.abort();
  await client;
  await setExpireNodestConn(0);
  expect(accepted).toBeGreaterThan(0);
}, 300_000);

function setExpireNodestConn(value: 0 | 1): Promise<void> {
  return writeFile('/proc/sys/net/ipv4/vs/expire_nodest_conn', String(value));
}
