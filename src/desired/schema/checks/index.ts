import { label, port } from '../common.js';
import { mapping, oneOf, wholeNumber } from '../fields.js';
import {
  CHECK_TYPES,
  DEFAULT_FALL,
  DEFAULT_INTERVAL_SECONDS,
  DEFAULT_RISE,
  DEFAULT_TIMEOUT_SECONDS,
  settingsField,
} from '../limits.js';
import { RULE } from '../rule-texts.js';
import { http } from './http.js';
import { tcp } from './tcp.js';

/** One check; its settings are in a block that is called like its type. */
export const check = () =>
  mapping(
    {
      name: label('a name').describe('Its name.'),
      type: oneOf(CHECK_TYPES).describe('How it asks.'),
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
        ...CHECK_TYPES.map((type) => ({
          rule: `!has(self.${settingsField(type)}) || self.type == '${type}'`,
          message: RULE.settingsOf(type),
        })),
        { rule: 'self.timeoutSeconds <= self.intervalSeconds', message: RULE.timeoutWithinInterval },
      ],
    },
  );
