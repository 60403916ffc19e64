import type { Answer } from 'dns-packet';
import { canonicalAddress } from '../../model/index.js';
import type { DnsRecordType } from '../../model/index.js';

/** What a record says, as zone files have it, and such that equal records have equal texts. `undefined`: another type. */
export function recordText(record: Answer, type: DnsRecordType): string | undefined {
  if (record.type !== type) return undefined;
  switch (record.type) {
    case 'A':
    case 'AAAA':
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return normalText(record.data, type);
    case 'MX':
      return normalText(`${record.data.preference ?? 0} ${record.data.exchange}`, type);
    case 'SRV': {
      const { priority = 0, weight = 0, port, target } = record.data;
      return normalText(`${priority} ${weight} ${port} ${target}`, type);
    }
    case 'SOA': {
      const { mname, rname, serial = 0, refresh = 0, retry = 0, expire = 0, minimum = 0 } = record.data;
      return normalText([mname, rname, serial, refresh, retry, expire, minimum].join(' '), type);
    }
    case 'TXT':
      return [record.data].flat().map(String).join('');
    default:
      return undefined;
  }
}

/** The records of a name, and of those that its aliases lead to: others were not asked for. */
export function recordsOf(name: string, records: readonly Answer[]): readonly Answer[] {
  const aliases = new Map<string, string[]>();
  for (const record of records) {
    if (record.type !== 'CNAME') continue;
    const alias = normalText(record.name, 'CNAME');
    const others = aliases.get(alias);
    if (others === undefined) aliases.set(alias, [record.data]);
    else others.push(record.data);
  }
  const names = new Set([normalText(name, 'CNAME')]);
  for (const alias of names) for (const real of aliases.get(alias) ?? []) names.add(normalText(real, 'CNAME'));
  return records.filter((record) => names.has(normalText(record.name, 'CNAME')));
}

/** What somebody expects a record to say, as `recordText` would have it. */
export function normalText(text: string, type: DnsRecordType): string {
  switch (type) {
    case 'TXT':
      return text;
    case 'A':
    case 'AAAA':
      return canonicalAddress(text) ?? text;
    default:
      // Names are the same in capitals, and with a dot behind them.
      return text
        .toLowerCase()
        .split(' ')
        .map((word) => (word.length > 1 && word.endsWith('.') ? word.slice(0, -1) : word))
        .join(' ');
  }
}
