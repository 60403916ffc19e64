import { decode, encode, TRUNCATED_RESPONSE } from 'dns-packet';
import type { Packet } from 'dns-packet';
import { expect, test, vi } from 'vitest';
import { ProbeScheduler, probeStarter } from '../../../src/adapters/probes/index.js';
import type { Verdict } from '../../../src/health/index.js';
import type { DnsCheck } from '../../../src/model/index.js';
import { target } from './servers.js';
import { reply, serveDatagrams } from './udp-servers.js';

const TIMEOUT_MILLISECONDS = 400;
/** A machine that does other things too looks at its clock within 400, and gives servers as much again. */
const LATENESS_MILLISECONDS = 800;

const WEB: DnsCheck = {
  type: 'DNS',
  name: 'www.example.org',
  recordType: 'A',
  responseCode: 'NOERROR',
  answer: '192.0.2.2',
  transport: 'UDP',
};

type Answer = (question: Buffer) => Buffer;

/** An answer that would be right if it did not say this. */
function lying(some: Packet): Answer {
  return (question) => {
    const { id = 0, questions = [] } = decode(question);
    const answers = [{ type: 'A', name: WEB.name, data: WEB.answer } as const];
    return encode({ type: 'response', id, questions, answers, ...some });
  };
}

const wrongId: Answer = (question) => lying({ id: (question.readUInt16BE(0) + 1) & 0xffff })(question);
const wrongRecord = lying({ answers: [{ type: 'A', name: WEB.name, data: '192.0.2.66' }] });
const wrongName = lying({ answers: [{ type: 'A', name: 'other.example.org', data: WEB.answer }] });
const noRecord = lying({ answers: [] });
const refused = lying({ answers: [], flags: 5 });
const truncated = lying({ answers: [], flags: TRUNCATED_RESPONSE });
const noise: Answer = () => Buffer.from('noise');
const cutShort: Answer = (question) => lying({})(question).subarray(0, -3);

test.each<[string, readonly Answer[], RegExp]>([
  ['says nothing', [], /^L7TOUT$/],
  ['says that the name has another address', [wrongRecord], /^L7RSP$/],
  ['tells of another name', [wrongName], /^L7RSP$/],
  ['knows no address', [noRecord], /^L7RSP$/],
  ['refuses', [refused], /^L7STS$/],
  ['answers other questions', [wrongId], /^L7TOUT$/],
  ['floods with answers to other questions', Array<Answer>(500).fill(wrongId), /^L7RSP$/],
  ['floods with the wrong address', Array<Answer>(500).fill(wrongRecord), /^L7RSP$/],
  ['speaks another protocol', [noise, noise], /^L7(TOUT|RSP)$/],
  ['cuts its answer short', [cutShort], /^L7RSP$/],
  ['sends to TCP, where nobody is', [truncated], /^L4CON$/],
])(
  'a name server that %s: every probe of it fails once, in time, and leaves nothing open',
  async (_, answers, code) => {
    const port = await serveDatagrams((socket, question, from) => {
      reply(...answers.map((answer) => answer(question)))(socket, question, from);
    });
    const prober = new ProbeScheduler({ start: probeStarter(), random: () => 0 });
    const verdicts: Verdict[] = [];
    const once = { intervalMilliseconds: 60_000, timeoutMilliseconds: TIMEOUT_MILLISECONDS };
    const stop = prober.watch(target(WEB, port, once), (verdict) => verdicts.push(verdict));
    await vi.waitFor(() => {
      expect(verdicts).not.toEqual([]);
    }, 5000);
    // The server's own.
    await expect.poll(() => process.getActiveResourcesInfo().filter((kind) => kind === 'UDPWrap').length).toBe(1);
    stop();
    expect(prober.running).toBe(0);
    expect(verdicts.map((verdict) => verdict.code)).toEqual([expect.stringMatching(code)]);
    expect(verdicts[0]?.latencyMilliseconds).toBeLessThan(TIMEOUT_MILLISECONDS + LATENESS_MILLISECONDS);
  },
);
