import type { TlsSettings } from './tls.js';

/** The greeting of a mail server. */
export interface SmtpCheck {
  readonly type: 'SMTP';
  /** How the director calls itself; `null`: by its address. */
  readonly heloName: string | null;
  /** `null`: in the clear. */
  readonly tls: TlsSettings | null;
  /** Whether TLS begins when it is asked for with STARTTLS, instead of at once. */
  readonly isUpgraded: boolean;
}
