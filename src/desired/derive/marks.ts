import type { DeclaredVirtualService, Path } from '../declared.js';
import type { Surroundings } from '../surroundings.js';
import type { PendingIssue } from './pending.js';

/**
 * Checks of virtual addresses, where nobody said which marks may lead them to a server; and where somebody did, services
 * and checks with these marks.
 */
export function findRefusedMarks(
  document: DeclaredVirtualService,
  { checkMarks }: Pick<Surroundings, 'checkMarks'>,
): readonly PendingIssue[] {
  const refuse = (path: Path, message: string): PendingIssue => ({
    document,
    fault: { path, reason: 'NotAllowed', message },
  });
  const { firewallMark, health } = document.value.spec;
  if (checkMarks === null) {
    const message = 'this controller has no firewall marks for checks: its --check-marks would say which';
    return (health?.checks ?? []).flatMap(({ target }, i) =>
      target === 'VirtualAddress' ? [refuse(['spec', 'health', 'checks', i, 'target'], message)] : [],
    );
  }
  const { first, last } = checkMarks;
  const message = `the firewall marks ${first} to ${last} belong to the checks of this controller: see its --check-marks`;
  const isWithin = (mark: number | undefined): boolean => mark !== undefined && first <= mark && mark <= last;
  return [
    ...(isWithin(firewallMark?.value) ? [refuse(['spec', 'firewallMark', 'value'], message)] : []),
    ...(health?.checks ?? []).flatMap((check, i) =>
      isWithin(check.firewallMark) ? [refuse(['spec', 'health', 'checks', i, 'firewallMark'], message)] : [],
    ),
  ];
}
