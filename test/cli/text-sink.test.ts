import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors/index.js';
import { streamSink, writeAll } from '../../src/cli/text-sink.js';

/** A stream that takes some writes and then fails with this code. */
function failingStream(writesBefore: number, code: string): { stream: Writable; written: string[] } {
  const written: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      if (written.length === writesBefore) done(Object.assign(new Error(`write ${code}`), { code }));
      else {
        written.push(chunk);
        done();
      }
    },
  });
  return { stream, written };
}

describe('a sink on a stream', () => {
  it('is quiet when the reader has gone, and says so', async () => {
    const { stream, written } = failingStream(1, 'EPIPE');
    const sink = streamSink(stream);
    await sink.write('a');
    expect(sink.isOpen).toBe(true);
    await sink.write('b');
    expect(sink.isOpen).toBe(false);
    await sink.write('c');
    expect(written).toEqual(['a']);
  });

  it('rejects where the output cannot be written', async () => {
    const { stream } = failingStream(0, 'ENOSPC');
    await expect(streamSink(stream).write('a')).rejects.toThrow(UserError);
  });

  it('gets many small texts as few large ones', async () => {
    const { stream, written } = failingStream(100, 'EPIPE');
    await writeAll(
      streamSink(stream),
      Array.from({ length: 10_000 }, (_, i) => `line ${i}\n`),
    );
    expect(written.length).toBeLessThan(5);
    expect(written.join('')).toMatch(/^line 0\nline 1\n[^]*line 9999\n$/);
  });

  it('gets nothing more when the reader has gone', async () => {
    const { stream } = failingStream(1, 'EPIPE');
    let made = 0;
    function* endless(): Generator<string> {
      for (;;) {
        made++;
        yield 'x'.repeat(1000);
      }
    }
    await writeAll(streamSink(stream), endless());
    expect(made).toBeLessThan(200);
  });
});
