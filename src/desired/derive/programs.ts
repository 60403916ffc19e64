import type { DeclaredVirtualService } from '../declared.js';
import type { Surroundings } from '../surroundings.js';
import type { PendingIssue } from './pending.js';

/** Checks that run programs, where nobody said which: a declaration alone does not decide what runs on a host. */
export function findRefusedPrograms(
  document: DeclaredVirtualService,
  { runsPrograms }: Pick<Surroundings, 'runsPrograms'>,
): readonly PendingIssue[] {
  if (runsPrograms) return [];
  return (document.value.spec.health?.checks ?? []).flatMap(({ type }, i): readonly PendingIssue[] => {
    if (type !== 'Exec') return [];
    const message = 'this controller runs no programs: its --exec-dir would say which it may';
    return [{ document, fault: { path: ['spec', 'health', 'checks', i, 'type'], reason: 'NotAllowed', message } }];
  });
}
