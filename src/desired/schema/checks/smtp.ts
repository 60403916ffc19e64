import { flag, mapping, pattern } from '../fields.js';
import { tls } from './tls.js';

export const smtp = () =>
  mapping({
    heloName: pattern('a host name', '^[A-Za-z0-9._-]+$', 253)
      .describe('How the director calls itself. Absent: by its address, in brackets.')
      .optional(),
    startTLS: flag().describe('Whether TLS begins with STARTTLS, and not at once.').default(false),
    tls: tls().describe('Settings of TLS. Absent, without startTLS: in the clear.').optional(),
  });
