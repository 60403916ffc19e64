import { label, port } from './common.js';
import { list, mapping, oneOf, pattern, text, wholeNumber } from './fields.js';
import { MAXIMUM_CHECKS } from './limits.js';
import { RULE } from './rule-texts.js';

const STATUS_RANGE_PATTERN = '^[1-5][0-9][0-9](-[1-5][0-9][0-9])?$';

const http = () =>
  mapping({
    path: pattern('a path that begins with "/"', '^/[!-~]*$', 2048).default('/'),
    host: text('a host name', 1, 253).optional(),
    expectStatus: list(pattern('a status such as "200" or a range such as "200-299"', STATUS_RANGE_PATTERN, 7), {
      minimum: 1,
      maximum: 16,
    }).optional(),
    expectBody: text('a text that the body contains,', 1, 1024).optional(),
  });

const check = () =>
  mapping(
    {
      name: label('a name'),
      type: oneOf(['HTTP', 'TCP', 'UDP', 'DNS', 'GRPC', 'SMTP', 'Ping', 'Exec', 'Agent']),
      intervalSeconds: wholeNumber(1, 86_400).default(5),
      timeoutSeconds: wholeNumber(1, 86_400).default(2),
      rise: wholeNumber(1, 100).default(1),
      fall: wholeNumber(1, 100).default(3),
      port: port(1).optional(),
      http: http().optional(),
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
    initialState: oneOf(['Passing', 'Failing']).default('Passing'),
    onFailure: oneOf(['Remove', 'ZeroWeight']).default('Remove'),
    checks: list(check(), { minimum: 1, maximum: MAXIMUM_CHECKS, keys: ['name'] }),
  });
