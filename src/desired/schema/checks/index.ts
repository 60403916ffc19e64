import { CHECK_TARGETS } from '../../../model/index.js';
import { address, label, port } from '../common.js';
import { mapping, oneOf, wholeNumber } from '../fields.js';
import {
  CHECK_TYPES,
  CHECK_TYPES_WITHOUT_VIRTUAL_ADDRESS,
  DEFAULT_CHECK_TARGET,
  DEFAULT_FALL,
  DEFAULT_INTERVAL_SECONDS,
  DEFAULT_RISE,
  DEFAULT_TIMEOUT_SECONDS,
  MAXIMUM_CHECK_TIMEOUT_SECONDS,
  MAXIMUM_FIREWALL_MARK,
  settingsField,
} from '../limits.js';
import { RULE } from '../rule-texts.js';
import { agent } from './agent.js';
import { dns } from './dns.js';
import { exec } from './exec.js';
import { grpc } from './grpc.js';
import { http } from './http.js';
import { ping } from './ping.js';
import { smtp } from './smtp.js';
import { tcp } from './tcp.js';
import { udp } from './udp.js';

/** One check; its settings are in a block that is called like its type. */
export const check = () =>
  mapping(
    {
      name: label('a name').describe('Its name.'),
      type: oneOf(CHECK_TYPES).describe('How it asks.'),
      intervalSeconds: wholeNumber(1, 86_400).describe('From one start to the next.').default(DEFAULT_INTERVAL_SECONDS),
      timeoutSeconds: wholeNumber(1, MAXIMUM_CHECK_TIMEOUT_SECONDS)
        .describe('No answer for this long is a failure.')
        .default(DEFAULT_TIMEOUT_SECONDS),
      rise: wholeNumber(1, 100).describe('So many successes in a row make a failed server pass.').default(DEFAULT_RISE),
      fall: wholeNumber(1, 100).describe('So many failures in a row make it fail.').default(DEFAULT_FALL),
      target: oneOf(CHECK_TARGETS)
        .describe(
          'What it asks: the server at its own address, or, where packets reach it by direct routing or a tunnel, at the virtual address. The latter needs --check-marks.',
        )
        .default(DEFAULT_CHECK_TARGET),
      address: address().describe('Where it asks. Absent: the address that its target says.').optional(),
      sourceAddress: address()
        .describe('The address of the director that it asks from. Absent: the one that its routes say.')
        .optional(),
      firewallMark: wholeNumber(1, MAXIMUM_FIREWALL_MARK)
        .describe("What marks its packets, for rules of the director's routing. Absent: nothing.")
        .optional(),
      port: port(1).describe("Where it asks. Absent: the server's own port.").optional(),
      agent: agent().describe('Settings of the type Agent.').optional(),
      dns: dns().describe('Settings of the type DNS.').optional(),
      exec: exec().describe('Settings of the type Exec.').optional(),
      grpc: grpc().describe('Settings of the type GRPC.').optional(),
      http: http().describe('Settings of the type HTTP.').optional(),
      ping: ping().describe('Settings of the type Ping.').optional(),
      smtp: smtp().describe('Settings of the type SMTP.').optional(),
      tcp: tcp().describe('Settings of the type TCP.').optional(),
      udp: udp().describe('Settings of the type UDP.').optional(),
    },
    {
      'x-kubernetes-validations': [
        ...CHECK_TYPES.map((type) => ({
          rule: `!has(self.${settingsField(type)}) || self.type == '${type}'`,
          message: RULE.settingsOf(type),
        })),
        { rule: "self.type != 'Exec' || has(self.exec)", message: RULE.programMissing },
        { rule: "self.type != 'Ping' || !has(self.port)", message: RULE.pingHasNoPort },
        {
          rule: `self.target != 'VirtualAddress' || !(self.type in ['${CHECK_TYPES_WITHOUT_VIRTUAL_ADDRESS.join("', '")}'])`,
          message: RULE.virtualAddressTypes,
        },
        {
          rule: "self.target != 'VirtualAddress' || !has(self.firewallMark)",
          message: RULE.virtualAddressMark,
        },
        { rule: 'self.timeoutSeconds <= self.intervalSeconds', message: RULE.timeoutWithinInterval },
        {
          rule: '!has(self.sourceAddress) || !has(self.address) || ip(self.sourceAddress).family() == ip(self.address).family()',
          message: RULE.sourceFamily,
        },
      ],
    },
  );
