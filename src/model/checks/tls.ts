export interface TlsSettings {
  /** The name that is asked for and looked for in the certificate; `null`: the host's, else the server's address. */
  readonly serverName: string | null;
  /** Whether the certificate has to be good. */
  readonly isVerified: boolean;
  /** Certificates in PEM that the server's is traced back to; `null`: those that the host trusts. */
  readonly trusted: string | null;
  /** Which of this host's certificates is shown to a server that asks: `shop/client`; `null`: none. */
  readonly clientCertificate: string | null;
}
