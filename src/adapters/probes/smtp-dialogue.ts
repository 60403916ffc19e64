import type { Socket } from 'node:net';
import type { Attempt } from './attempt.js';
import { readable } from './probe.js';
import { ReplyReader } from './smtp-replies.js';
import type { Reply } from './smtp-replies.js';

/** Commands and their replies over one stream, one after another. A reply that is not the expected one ends the attempt. */
export class SmtpDialogue {
  readonly #attempt: Attempt;
  readonly #stream: Socket;
  readonly #replies = new ReplyReader();
  /** What the server is to say something to. */
  #what = '';
  #take: ((reply: Reply) => void) | undefined;

  constructor(attempt: Attempt, stream: Socket) {
    this.#attempt = attempt;
    this.#stream = stream;
    stream.on('data', this.#onData);
    stream.on('end', this.#onEnd);
  }

  /** Waits for the server's first words. */
  hear(expected: string, then: (reply: Reply) => void): void {
    this.#expect('greeting', expected, then);
  }

  /** Sends a command and waits for the reply to it. */
  say(command: string, expected: string, then: (reply: Reply) => void): void {
    this.#expect(`reply to ${command.replace(/ .*/s, '')}`, expected, then);
    this.#stream.write(`${command}\r\n`);
  }

  /** Says nothing more. `false` where the server has said more than it was asked for. */
  leave(): boolean {
    this.#stream.off('data', this.#onData);
    this.#stream.off('end', this.#onEnd);
    this.#stream.pause();
    return this.#replies.isEmpty;
  }

  #expect(what: string, expected: string, then: (reply: Reply) => void): void {
    this.#what = what;
    this.#take = (reply) => {
      if (reply.code === expected) {
        then(reply);
        return;
      }
      const text = readable(`${reply.code} ${reply.lines[0] ?? ''}`.trimEnd());
      this.#attempt.finish({ code: 'L7STS', message: `its ${what} is ${text}` });
    };
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#replies.add(chunk);
    for (;;) {
      const take = this.#take;
      const reply = take === undefined || this.#attempt.isOver ? undefined : this.#replies.take();
      if (reply === 'Garbage') this.#attempt.finish({ code: 'L7RSP', message: `its ${this.#what} is not SMTP` });
      if (take === undefined || reply === undefined || reply === 'Garbage') return;
      this.#take = undefined;
      take(reply);
    }
  };

  readonly #onEnd = (): void => {
    this.#attempt.finish({ code: 'L7RSP', message: `the server closed before its ${this.#what}` });
  };
}
