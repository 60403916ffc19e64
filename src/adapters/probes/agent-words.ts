import type { Advice } from '../../health/index.js';
import { parseWeight } from './weight-text.js';

export interface AgentAnswer {
  readonly advice: Advice;
  /** What takes the server out, in the agent's own words; empty where nothing does. */
  readonly complaint: string;
}

/** Words that say so much each; `maxconn:` is for HAProxy's own queues. */
const WORDS: Readonly<Record<string, Advice>> = {
  up: { state: 'Up' },
  down: { state: 'Down' },
  fail: { state: 'Down' },
  failed: { state: 'Down' },
  stopped: { state: 'Down' },
  ready: { mode: 'Ready' },
  drain: { mode: 'Drain' },
  maint: { mode: 'Maintenance' },
};

/**
 * What a line of an agent says: words in any order, and after a number sign the reason. Unknown words beside known ones
 * say nothing; `undefined` where none is known.
 *
 * @see https://docs.haproxy.org/3.0/configuration.html#agent-check
 */
export function parseAgentLine(line: string): AgentAnswer | undefined {
  const [, said = '', reason = ''] = /^([^#]*)#?(.*)$/s.exec(line) ?? [];
  let advice: Advice = {};
  let isKnown = false;
  let complaint = '';
  for (const word of said.toLowerCase().split(/[\s,]+/)) {
    const one = adviceOf(word);
    if (one === undefined) continue;
    isKnown = true;
    advice = { ...advice, ...one };
    if (one.state === 'Down' || one.mode === 'Maintenance') complaint = word;
  }
  if (!isKnown) return undefined;
  return { advice, complaint: [complaint, complaint && reason.trim()].filter(Boolean).join(': ') };
}

function adviceOf(word: string): Advice | undefined {
  if (Object.hasOwn(WORDS, word)) return WORDS[word];
  const weight = parseWeight(word);
  if (weight?.kind === 'Percent') return { weight };
  return /^maxconn:[0-9]+$/.test(word) ? {} : undefined;
}
