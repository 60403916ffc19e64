import { flag, mapping, text } from '../fields.js';

export const tls = () =>
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
