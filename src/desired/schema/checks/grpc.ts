import { mapping, pattern } from '../fields.js';
import { tls } from './tls.js';

export const grpc = () =>
  mapping({
    service: pattern("a service's name", '^[!-~]+$', 253)
      .describe('The service that it asks for. Absent: the server as a whole.')
      .optional(),
    authority: pattern('a host name', '^[A-Za-z0-9.:_-]+$', 253)
      .describe("What the server is called. Absent: the server's address.")
      .optional(),
    tls: tls().describe('Settings of TLS. Absent: in the clear.').optional(),
  });
