import { mapping, wholeNumber } from '../fields.js';
import { DEFAULT_PING_PAYLOAD_BYTES } from '../limits.js';

export const ping = () =>
  mapping({
    payloadBytes: wholeNumber(16, 65_507)
      .describe('What a request carries behind its header of 8 bytes.')
      .default(DEFAULT_PING_PAYLOAD_BYTES),
  });
