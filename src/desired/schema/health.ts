import { label, port } from './common.js';
import { list, mapping, oneOf, pattern, text, wholeNumber } from './fields.js';
import { MAXIMUM_CHECKS } from './limits.js';
import { RULE } from './rule-texts.js';

const STATUS_RANGE_PATTERN = '^[1-5][0-9][0-9](-[1-5][0-9][0-9])?$';

const http = () =>
  mapping({
    path: pattern('a path that begins with "/"', '^/[!-~]*$', 2048).describe('What is asked for.').default('/'),
    host: text('a host name', 1, 253).describe("The Host header. Absent: the server's address.").optional(),
    expectStatus: list(pattern('a status such as "200" or a range such as "200-299"', STATUS_RANGE_PATTERN, 7), {
      minimum: 1,
      maximum: 16,
    })
      .describe('Statuses that pass, such as "200-299".')
      .optional(),
    expectBody: text('a text that the body contains,', 1, 1024).describe('What the body must contain.').optional(),
  });

const check = () =>
  mapping(
    {
      name: label('a name').describe('Its name.'),
      type: oneOf(['HTTP', 'TCP', 'UDP', 'DNS', 'GRPC', 'SMTP', 'Ping', 'Exec', 'Agent']).describe('How it asks.'),
      intervalSeconds: wholeNumber(1, 86_400).describe('From one start to the next.').default(5),
      timeoutSeconds: wholeNumber(1, 86_400).describe('No answer for this long is a failure.').default(2),
      rise: wholeNumber(1, 100).describe('So many successes in a row make a failed server pass.').default(1),
      fall: wholeNumber(1, 100).describe('So many failures in a row make it fail.').default(3),
      port: port(1).describe("Where it asks. Absent: the server's own port.").optional(),
      http: http().describe('Settings of the type HTTP.').optional(),
    },
    {
      'x-kubernetes-validations': [
        { rule: "!has(self.http) || self.type == 'HTTP'", message: RULE.httpSettings },
        { rule: 'self.timeoutSeconds <= self.intervalSeconds', message: RULE.timeoutWithinInterval },
      ],
    },
  );

export const health = () =>
  mapping({
    initialState: oneOf(['Passing', 'Failing'])
      .describe('What a server is until its first verdict.')
      .default('Passing'),
    onFailure: oneOf(['Remove', 'ZeroWeight'])
      .describe('What becomes of a server that fails: it goes, or keeps its connections with weight 0.')
      .default('Remove'),
    checks: list(check(), { minimum: 1, maximum: MAXIMUM_CHECKS, keys: ['name'] }).describe(
      'The checks; all must pass.',
    ),
  });
