import type { DeclaredCheck, DeclaredVirtualService } from '../declared.js';
import type { Surroundings } from '../surroundings.js';
import type { PendingIssue } from './pending.js';

/** Checks that show certificates, where nobody said which: a declaration alone does not decide who this host is. */
export function findRefusedCertificates(
  document: DeclaredVirtualService,
  { showsCertificates }: Pick<Surroundings, 'showsCertificates'>,
): readonly PendingIssue[] {
  if (showsCertificates) return [];
  return (document.value.spec.health?.checks ?? []).flatMap((check, i): readonly PendingIssue[] => {
    const field = fieldWithCertificate(check);
    if (field === undefined) return [];
    const message = 'this controller has no client certificates: its --secrets-dir would say where they are';
    const path = ['spec', 'health', 'checks', i, field, 'tls', 'clientCertificate'];
    return [{ document, fault: { path, reason: 'NotAllowed', message } }];
  });
}

function fieldWithCertificate(check: DeclaredCheck): 'http' | 'grpc' | 'smtp' | undefined {
  return (['http', 'grpc', 'smtp'] as const).find((field) => check[field]?.tls?.clientCertificate !== undefined);
}
