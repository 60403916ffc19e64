import { label } from '../common.js';
import { flag, mapping, text } from '../fields.js';

export const tls = () =>
  mapping({
    serverName: text('a host name', 1, 253)
      .describe(
        "The name that is asked for and looked for in the certificate. Absent: the host, else the server's address.",
      )
      .optional(),
    verify: flag().describe('Whether a certificate that is not good is a failure.').default(true),
    clientCertificate: label('a name')
      .describe(
        "The certificate that is shown to a server that asks for one: tls.crt and tls.key in NAMESPACE/NAME below the controller's --secrets-dir.",
      )
      .optional(),
    caCertificates: text('certificates in PEM', 1, 65_536)
      .describe("Certificates in PEM that the server's must be traced back to. Absent: those that the host trusts.")
      .optional(),
  });
