import type { Target } from '../../health/index.js';
import type { AgentCheck } from '../../model/index.js';
import { parseAgentLine } from './agent-words.js';
import { Attempt } from './attempt.js';
import { readable } from './probe.js';
import type { Outcome, RunningProbe } from './probe.js';
import { openStream } from './stream.js';

/** A line has to end within so many bytes. */
const MAXIMUM_BYTES = 1024;

/**
 * Reads a line of an agent. Only what an agent says takes a server out: one that cannot be reached, or not be understood,
 * says nothing about the server.
 */
export function startAgentProbe(target: Target, { send }: AgentCheck, end: (outcome: Outcome) => void): RunningProbe {
  const attempt = new Attempt((outcome) => {
    end(hedge(outcome));
  });
  openStream(attempt, target, null, (stream) => {
    let received = '';
    stream.setEncoding('latin1');
    stream.on('data', (text: string) => {
      received += text;
      const length = received.search(/[\r\n]/);
      if (length >= 0) attempt.finish(judgeLine(received.slice(0, length)));
      else if (received.length > MAXIMUM_BYTES) attempt.finish(misunderstood(received));
    });
    stream.on('end', () => {
      attempt.finish(judgeLine(received));
    });
    if (send !== '') stream.write(send);
  });
  return { expire: () => hedge(attempt.expire()) };
}

function judgeLine(line: string): Outcome {
  const answer = parseAgentLine(line);
  if (answer === undefined) return misunderstood(line);
  const { advice, complaint } = answer;
  return { code: complaint === '' ? 'L7OK' : 'L7STS', message: readable(complaint), advice };
}

function misunderstood(line: string): Outcome {
  const found = line.trim() === '' ? 'nothing' : `"${readable(line)}"`;
  return { code: 'L7RSP', message: `expected the words of an agent, found ${found}` };
}

function hedge(outcome: Outcome): Outcome {
  return outcome.advice === undefined ? { ...outcome, isInconclusive: true } : outcome;
}
