import { createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import type { TlsSettings } from '../../model/index.js';
import type { ClientCertificate, ClientCertificates } from './client-certificates.js';

/** More than anybody needs at once; those of settings that are gone make room. */
const MAXIMUM_CONTEXTS = 1024;

/** Contexts by the certificates that are trusted; `null`: those that Node trusts. */
type Contexts = Map<string | null, SecureContext>;

/** Making a context costs more than a probe: those that trust and show the same certificates share one. */
export class SecureContexts {
  readonly #certificates: ClientCertificates;
  readonly #anonymous: Contexts = new Map();
  readonly #named = new WeakMap<ClientCertificate, Contexts>();

  constructor(certificates: ClientCertificates) {
    this.#certificates = certificates;
  }

  /** Rejects with a ClientCertificateError, or with OpenSSL's opinion of what is to be trusted. */
  async of({ trusted, clientCertificate }: TlsSettings): Promise<SecureContext> {
    const own = clientCertificate === null ? undefined : await this.#certificates.of(clientCertificate);
    const contexts = own === undefined ? this.#anonymous : this.#contextsOf(own);
    const known = contexts.get(trusted);
    if (known !== undefined) return known;
    const context = createSecureContext({
      ...(trusted === null ? {} : { ca: trusted }),
      ...(own === undefined ? {} : { cert: own.cert, key: own.key }),
    });
    if (contexts.size >= MAXIMUM_CONTEXTS) contexts.clear();
    contexts.set(trusted, context);
    return context;
  }

  #contextsOf(own: ClientCertificate): Contexts {
    let contexts = this.#named.get(own);
    if (contexts === undefined) {
      contexts = new Map();
      this.#named.set(own, contexts);
    }
    return contexts;
  }
}
