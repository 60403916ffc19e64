import type { SmtpCheck } from '../../../model/index.js';
import type { DeclaredCheck } from '../../declared.js';
import { tlsOf } from './tls.js';

export function smtpOf(
  { heloName, startTLS = false, tls }: NonNullable<DeclaredCheck['smtp']>,
  namespace: string,
): SmtpCheck {
  const isSecured = startTLS || tls !== undefined;
  return {
    type: 'SMTP',
    heloName: heloName ?? null,
    tls: isSecured ? tlsOf(tls ?? {}, namespace) : null,
    isUpgraded: startTLS,
  };
}
