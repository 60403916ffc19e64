import { constructFromEvents, EVENT_ID, parseEvents, YAMLException } from 'js-yaml';
import type { Event } from 'js-yaml';

/** Whatever YAML 1.2 says, and with places: the complete and slow counterpart of plain-yaml.ts. */

export type YamlResult =
  { readonly values: readonly unknown[] } | { readonly problem: string; readonly offset: number | undefined };

/** More than this a person does not write; a text of a few lines that stands for millions of values is an attack. */
const MAXIMUM_EXPANDED_VALUES = 1_000_000;
const MAXIMUM_DEPTH = 60;

/** All documents of a text, or the first thing that makes it no YAML. */
export function readFullYaml(text: string): YamlResult {
  try {
    const events = parseEvents(text, { maxDepth: MAXIMUM_DEPTH });
    const problem = aliasProblem(text, events);
    return problem ?? { values: constructFromEvents(events, { source: text }) };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return { problem: error.reason, offset: error.mark?.position };
  }
}

/** Refuses aliases that contain themselves, and those that together stand for more than memory should hold. */
function aliasProblem(text: string, events: readonly Event[]): YamlResult | undefined {
  const sizes = new Map<string, number | 'open'>();
  const frames: { name: string | undefined; size: number }[] = [];
  const add = (size: number): void => {
    const frame = frames.at(-1);
    if (frame !== undefined) frame.size += size;
  };
  for (const event of events) {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        sizes.clear();
        frames.push({ name: undefined, size: 0 });
        break;
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING: {
        const name = anchorName(text, event);
        if (name !== undefined) sizes.set(name, 'open');
        frames.push({ name, size: 1 });
        break;
      }
      case EVENT_ID.SCALAR: {
        const name = anchorName(text, event);
        if (name !== undefined) sizes.set(name, 1);
        add(1);
        break;
      }
      case EVENT_ID.ALIAS: {
        const size = sizes.get(text.slice(event.anchorStart, event.anchorEnd)) ?? 1;
        if (size === 'open') return { problem: 'an alias within what it stands for', offset: event.anchorStart - 1 };
        add(size);
        break;
      }
      case EVENT_ID.POP: {
        const frame = frames.pop();
        if (frame === undefined) break;
        if (frame.size > MAXIMUM_EXPANDED_VALUES) {
          return { problem: `aliases that stand for more than ${MAXIMUM_EXPANDED_VALUES} values`, offset: undefined };
        }
        if (frame.name !== undefined) sizes.set(frame.name, frame.size);
        add(frame.size);
        break;
      }
    }
  }
  return undefined;
}

function anchorName(text: string, event: { anchorStart: number; anchorEnd: number }): string | undefined {
  return event.anchorStart < 0 ? undefined : text.slice(event.anchorStart, event.anchorEnd);
}
