import { concernOf } from '../../status/index.js';
import type { EventDraft } from './event-recorder.js';
import type { WrittenState } from './status-writer.js';

/**
 * The Event of a state that was written down, where it says something else than the one before: an object came to be
 * other than declared on this node, or came right again. A start on objects that are right makes none.
 */
export function statusEvent({ object, uid, before, state }: WrittenState): EventDraft | undefined {
  const concern = concernOf(state.reason);
  if (concern === 'None' || before?.reason === state.reason) return undefined;
  const wasBad = before?.reason !== undefined && concernOf(before.reason) === 'Bad';
  if (concern === 'Good' && !wasBad) return undefined;
  return {
    ...{ object, uid },
    type: concern === 'Bad' ? 'Warning' : 'Normal',
    reason: state.reason,
    action: 'Program',
    note: state.message === '' ? 'in the kernel as it is declared' : state.message,
  };
}
