import { DNS_RECORD_TYPES } from '../../../model/index.js';
import { mapping, oneOf, pattern, text } from '../fields.js';
import {
  DEFAULT_DNS_NAME,
  DEFAULT_DNS_RECORD_TYPE,
  DEFAULT_DNS_RESPONSE_CODE,
  DEFAULT_DNS_TRANSPORT,
} from '../limits.js';

const NAME_PATTERN = '^([.]|([A-Za-z0-9_-]{1,63}[.])*[A-Za-z0-9_-]{1,63}[.]?)$';

const RESPONSE_CODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'NOTAUTH'] as const;

export const dns = () =>
  mapping({
    name: pattern('a name to look up, such as example.org', NAME_PATTERN, 253)
      .describe('What is asked for. "." is the root.')
      .default(DEFAULT_DNS_NAME),
    recordType: oneOf(DNS_RECORD_TYPES).describe('What is asked about it.').default(DEFAULT_DNS_RECORD_TYPE),
    responseCode: oneOf(RESPONSE_CODES).describe('How the answer must end.').default(DEFAULT_DNS_RESPONSE_CODE),
    answer: text('what a record says', 1, 512)
      .describe('What one of the records must say, as zone files have it. Absent: any will do, and none.')
      .optional(),
    transport: oneOf(['UDP', 'TCP'])
      .describe('How it asks. Over UDP an answer that is too long is asked for again over TCP.')
      .default(DEFAULT_DNS_TRANSPORT),
  });
