import { mapping, pattern, text } from '../fields.js';
import { RULE } from '../rule-texts.js';

const HEX_PATTERN = '^([0-9A-Fa-f][0-9A-Fa-f])+$';

const hex = () => pattern('bytes in hexadecimal, such as "0a1b"', HEX_PATTERN, 2048);

export const udp = () =>
  mapping(
    {
      send: text('text to send', 1, 1024).describe('What the datagram holds. Absent: nothing.').optional(),
      sendHex: hex().describe('The same in hexadecimal, for protocols that are no text.').optional(),
      expect: text('text to wait for', 1, 1024)
        .describe('What the answer contains. Absent: no answer is needed, as long as nobody refuses.')
        .optional(),
      expectHex: hex().describe('The same in hexadecimal.').optional(),
    },
    {
      'x-kubernetes-validations': [
        {
          rule: '!(has(self.send) && has(self.sendHex)) && !(has(self.expect) && has(self.expectHex))',
          message: RULE.textOrHex,
        },
      ],
    },
  );
