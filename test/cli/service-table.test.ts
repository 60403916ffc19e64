import { expect, test } from 'vitest';
import { layOutServiceTable } from '../../src/cli/output/service-table.js';
import { NO_CONNECTIONS, NO_STATISTICS } from '../../src/model/index.js';
import type { ObservedRealServer, ObservedService } from '../../src/model/index.js';
import { server, service, tcp } from './table.js';

function observed(address: string, servers: readonly ObservedRealServer[]): ObservedService {
  return { ...service(tcp(address, 80)), servers, statistics: NO_STATISTICS };
}

function linesOf(services: readonly ObservedService[]): readonly string[] {
  const { header, lines } = layOutServiceTable(services, ({ key }) => JSON.stringify(key), { wide: true });
  return [header, ...services.map(lines)];
}

test('services that share a list of servers look as if each had its own', () => {
  const idle = { connections: NO_CONNECTIONS, statistics: NO_STATISTICS };
  const pool = [
    { ...server('192.168.0.10', 8080, { weight: 70_000 }), ...idle },
    { ...server('192.168.0.9', 80), ...idle, connections: { active: 3, inactive: 1, persistent: 0 } },
  ];
  const other = [{ ...server('2001:db8:aaaa:bbbb::1', 65_535), ...idle }];
  const lists = [pool, other, pool, [], pool, other];
  const make = (copy: (list: readonly ObservedRealServer[]) => readonly ObservedRealServer[]) =>
    lists.map((list, i) => observed(`10.0.0.${i + 1}`, copy(list)));
  const shared = linesOf(make((list) => list));
  expect(shared).toEqual(linesOf(make((list) => [...list])));
  expect(shared[3]).toContain('192.168.0.9:80');
  expect(shared[3]?.split('\n')).toHaveLength(4);
});
