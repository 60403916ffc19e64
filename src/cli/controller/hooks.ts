import type { Delivery, HookEvent, HookNews, HookQueue } from '../../adapters/hooks/index.js';
import type { Log } from '../../adapters/log/index.js';
import { UserError } from '../../errors/index.js';
import type { ControllerEvent } from '../../reconcile/index.js';
import { counted } from '../output/numbers.js';
import type { OpenedPrograms } from './programs.js';

export interface HookFlags {
  /** The path of a program below the folder of programs. */
  readonly hookCommand?: string;
  readonly hookUrl?: URL;
}

export interface Hooks {
  observe(event: ControllerEvent): void;
  close(): Promise<void>;
}

export interface HooksInput {
  readonly flags: HookFlags;
  readonly programs: OpenedPrograms | undefined;
  /** This node's name, which hooks are told. */
  readonly node: string;
  readonly log: Log;
  readonly note: (hook: HookName, result: 'delivered' | 'lost', count: number) => void;
}

type HookName = 'command' | 'webhook';
type Deliver = (body: string, signal: AbortSignal) => Promise<Delivery>;

const NO_HOOKS: Hooks = { observe: () => undefined, close: () => Promise.resolve() };

/** What tells the hooks that the flags name. Throws a `UserError` where one cannot be told. */
export async function openHooks(input: HooksInput): Promise<Hooks> {
  const { flags, programs, node } = input;
  const { hookCommand: name, hookUrl: url } = flags;
  if (name === undefined && url === undefined) return NO_HOOKS;
  // Most controllers do without.
  const hooks = await import('../../adapters/hooks/index.js');
  const open = (hook: HookName, deliver: Deliver): HookQueue =>
    new hooks.HookQueue({
      deliver: (events, signal) => deliver(bodyOf(node, events), signal),
      tell: reporter(hook, input),
    });
  const queues: HookQueue[] = [];
  if (name !== undefined) {
    if (programs === undefined) throw new UserError('--hook-command needs --exec-dir, where its program is');
    await programs.require(name);
    const { forHooks } = programs;
    queues.push(open('command', (body, signal) => hooks.runHookCommand({ programs: forHooks, name, body, signal })));
  }
  if (url !== undefined) queues.push(open('webhook', (body, signal) => hooks.postHookEvents({ url, body, signal })));
  return {
    observe: (event) => {
      const events = hooks.hookEventsOf(event, new Date());
      for (const queue of queues) queue.push(events);
    },
    close: async () => {
      await Promise.all(queues.map((queue) => queue.close()));
    },
  };
}

function bodyOf(node: string, events: readonly HookEvent[]): string {
  return JSON.stringify({ node, events });
}

/** Counts all, and logs the first loss of several in a row. */
function reporter(hook: HookName, { log, note }: HooksInput): (news: HookNews) => void {
  let isFailing = false;
  return (news) => {
    if (news.kind === 'Delivered') {
      note(hook, 'delivered', news.count);
      if (isFailing) log.info(`the hook's ${hook} takes events again`, { hook });
      isFailing = false;
      return;
    }
    note(hook, 'lost', news.count);
    if (!isFailing) log.warn(`the hook's ${hook} lost ${counted(news.count, 'event')}: ${news.reason}`, { hook });
    isFailing = true;
  };
}
