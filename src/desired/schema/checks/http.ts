import { list, mapping, oneOf, pattern, text } from '../fields.js';
import { CHECK_HTTP_VERSIONS, DEFAULT_CHECK_VERB, DEFAULT_HTTP_VERSION } from '../limits.js';
import { RULE } from '../rule-texts.js';
import { tls } from './tls.js';

const STATUS_RANGE_PATTERN = '^[1-5][0-9][0-9](-[1-5][0-9][0-9])?$';
const HEADER_NAME_PATTERN = '^[A-Za-z0-9_-]+$';

const header = () =>
  mapping(
    {
      name: pattern("a header's name", HEADER_NAME_PATTERN, 64).describe('Its name.'),
      value: pattern('printable characters', '^[ -~]*$', 256).describe('Its value.'),
    },
    {
      'x-kubernetes-validations': [{ rule: "self.name.lowerAscii() != 'trailer'", message: RULE.noTrailers }],
    },
  );

export const http = () =>
  mapping(
    {
      version: oneOf(CHECK_HTTP_VERSIONS)
        .describe('How it is spoken. HTTP/2 is agreed upon by ALPN; without TLS it is spoken at once.')
        .default(DEFAULT_HTTP_VERSION),
      method: oneOf(['GET', 'HEAD', 'OPTIONS']).describe('How it is asked for.').default(DEFAULT_CHECK_VERB),
      path: pattern('a path that begins with "/"', '^/[!-~]*$', 2048).describe('What is asked for.').default('/'),
      host: pattern('a host name', '^[!-~]*$', 253)
        .describe("The Host header. Absent: the server's address.")
        .optional(),
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
      expectDigest: pattern('a digest such as "sha256:" and 64 lower-case digits', '^sha256:[0-9a-f]{64}$', 71)
        .describe('The SHA-256 of the whole body, of at most 1 MiB, as "sha256:" and hexadecimal digits.')
        .optional(),
      weightHeader: pattern("a header's name", HEADER_NAME_PATTERN, 64)
        .describe('The header of the answer that says the weight: "50%" of the declared one, or a number instead.')
        .optional(),
      tls: tls().describe('Settings of HTTPS. Absent: plain HTTP.').optional(),
    },
    {
      'x-kubernetes-validations': [
        {
          rule: "self.method != 'HEAD' || !(has(self.expectBody) || has(self.expectBodyPattern) || has(self.expectDigest))",
          message: RULE.headHasNoBody,
        },
      ],
    },
  );
