import { RULE } from './rule-texts.js';

interface Rule {
  readonly rule: string;
  readonly message: string;
}

const METHOD =
  "(has(s.forwarding) ? s.forwarding.method : has(self.forwarding) ? self.forwarding.method : 'Masquerade')";
const TRANSLATES = 'self.ports.exists(p, has(p.targetPort) && p.targetPort != p.port)';
const HAS_IPV4 =
  "has(self.addresses) ? self.addresses.exists(a, !a.contains(':')) : has(self.firewallMark) && 'IPv4' in self.firewallMark.addressFamilies";
const HAS_IPV6 =
  "has(self.addresses) ? self.addresses.exists(a, a.contains(':')) : has(self.firewallMark) && 'IPv6' in self.firewallMark.addressFamilies";
const JOINS_IPV6 = "s.address.contains(':') != s.crossFamily";

/**
 * The rules between a service and one of its lists of servers, in the API server's language. Each looks at every server
 * once: its cost is bounded before it is admitted.
 */
export function serverRules(field: 'realServers' | 'sorryServers'): readonly Rule[] {
  const all = (condition: string): string => `self.${field}.all(s, ${condition})`;
  const unless = (exception: string, condition: string): string =>
    `!has(self.${field}) || ${exception} || ${condition}`;
  return [
    {
      rule: unless('!has(self.ports) || self.ports.size() == 1', all('s.port == 0')),
      message: RULE.serverPortNeedsOnePort,
    },
    {
      rule: unless('!has(self.ports)', all(`s.port == 0 || ${METHOD} == 'Masquerade' || s.port == self.ports[0].port`)),
      message: RULE.portIsKept,
    },
    {
      rule: unless(`!has(self.ports) || !${TRANSLATES}`, all(`s.port != 0 || ${METHOD} == 'Masquerade'`)),
      message: RULE.portIsKept,
    },
    {
      rule: `!has(self.${field}) || ${all(`!s.crossFamily || ${METHOD} == 'Tunnel'`)}`,
      message: RULE.crossFamilyNeedsTunnel,
    },
    { rule: unless(`(${HAS_IPV4})`, all(JOINS_IPV6)), message: RULE.familyWithoutAddress },
    { rule: unless(`(${HAS_IPV6})`, all(`!(${JOINS_IPV6})`)), message: RULE.familyWithoutAddress },
    { rule: unless('!has(self.slowStart)', all('s.weight <= 655')), message: RULE.slowStartWeight },
  ];
}
