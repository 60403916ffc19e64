import type { TlsSettings } from '../../../model/index.js';
import type { DeclaredCheck } from '../../declared.js';

type DeclaredTls = NonNullable<NonNullable<DeclaredCheck['http']>['tls']>;

export function tlsOf(
  { serverName, verify = true, caCertificates, clientCertificate }: DeclaredTls,
  namespace: string,
): TlsSettings {
  return {
    serverName: serverName ?? null,
    isVerified: verify,
    trusted: caCertificates ?? null,
    clientCertificate: clientCertificate === undefined ? null : `${namespace}/${clientCertificate}`,
  };
}
