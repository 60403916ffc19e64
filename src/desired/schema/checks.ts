import { label, port } from './common.js';
import { flag, list, mapping, oneOf, pattern, text, wholeNumber } from './fields.js';
import {
  DEFAULT_CHECK_VERB,
  DEFAULT_FALL,
  DEFAULT_INTERVAL_SECONDS,
  DEFAULT_RISE,
  DEFAULT_TIMEOUT_SECONDS,
} from './limits.js';
import { RULE } from './rule-texts.js';

const STATUS_RANGE_PATTERN = '^[1-5][0-9][0-9](-[1-5][0-9][0-9])?$';
const HEADER_NAME_PATTERN = '^[A-Za-z0-9_-]+$';

const tcp = () =>
  mapping({
    send: text('text to send', 1, 1024).describe('What is sent once connected. Absent: nothing.').optional(),
    expect: text('text to wait for', 1, 1024).describe('What comes then, among other things.').optional(),
  });

const header = () =>
  mapping({
    name: pattern("a header's name", HEADER_NAME_PATTERN, 64).describe('Its name.'),
    value: pattern('printable characters', '^[ -~]*$', 256).describe('Its value.'),
  });

const tls = () =>
  mapping({
    serverName: text('a host name', 1, 253)
      .describe(
        "The name that is asked for and looked for in the certificate. Absent: the host, else the server's address.",
      )
      .optional(),
    verify: flag().describe('Whether a certificate that is not good is a failure.').default(true),
    caCertificates: text('certificates in PEM', 1, 65_536)
      .describe("Certificates in PEM that the server's must be traced back to. Absent: those that the host trusts.")
      .optional(),
  });

const http = () =>
  mapping({
    method: oneOf(['GET', 'HEAD', 'OPTIONS']).describe('How it is asked for.').default(DEFAULT_CHECK_VERB),
    path: pattern('a path that begins with "/"', '^/[!-~]*$', 2048).describe('What is asked for.').default('/'),
    host: pattern('a host name', '^[!-~]*$', 253).describe("The Host header. Absent: the server's address.").optional(),
    headers: list(header(), { maximum: 8, keys: ['name'] })
      .describe('Further headers.')
      .optional(),
    expectStatus: list(pattern('a status such as "200" or a range such as "200-299"', STATUS_RANGE_PATTERN, 7), {
      minimum: 1,
      maximum: 16,
    })
      .describe('Statuses that pass, such as "200-299". Absent: "200-399".')
      .optional(),
    expectBody: text('a text that the body contains,', 1, 1024)
      .describe('What the first 64 KiB of the body must contain.')
      .optional(),
    expectBodyPattern: text('a regular expression', 1, 1024)
      .describe('A regular expression, as JavaScript has it, that the first 64 KiB of the body must match.')
      .optional(),
    tls: tls().describe('Settings of HTTPS. Absent: plain HTTP.').optional(),
  });

/** One check; its settings are in a block that is called like its type. */
export const check = () =>
  mapping(
    {
      name: label('a name').describe('Its name.'),
      type: oneOf(['HTTP', 'TCP']).describe('How it asks.'),
      intervalSeconds: wholeNumber(1, 86_400).describe('From one start to the next.').default(DEFAULT_INTERVAL_SECONDS),
      timeoutSeconds: wholeNumber(1, 86_400)
        .describe('No answer for this long is a failure.')
        .default(DEFAULT_TIMEOUT_SECONDS),
      rise: wholeNumber(1, 100).describe('So many successes in a row make a failed server pass.').default(DEFAULT_RISE),
      fall: wholeNumber(1, 100).describe('So many failures in a row make it fail.').default(DEFAULT_FALL),
      port: port(1).describe("Where it asks. Absent: the server's own port.").optional(),
      http: http().describe('Settings of the type HTTP.').optional(),
      tcp: tcp().describe('Settings of the type TCP.').optional(),
    },
    {
      'x-kubernetes-validations': [
        { rule: "!has(self.http) || self.type == 'HTTP'", message: RULE.httpSettings },
        { rule: "!has(self.tcp) || self.type == 'TCP'", message: RULE.tcpSettings },
        { rule: 'self.timeoutSeconds <= self.intervalSeconds', message: RULE.timeoutWithinInterval },
      ],
    },
  );
