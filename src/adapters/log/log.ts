import { pino } from 'pino';
import type { DestinationStream } from 'pino';

export type LogFormat = 'text' | 'json';

/** What programs want to know besides the message; the text form leaves it out. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export interface LogOptions {
  readonly format: LogFormat;
  /** Whether the text form begins with the time: journals have their own. */
  readonly hasTime: boolean;
  /** Takes one line with its line break. */
  readonly write: (line: string) => void;
}

/** JSON: one object a line, with `time` (ISO 8601), `level` (info, warn, error), `message`, and the fields. */
export function createLog({ format, hasTime, write }: LogOptions): Log {
  const destination: DestinationStream = {
    write:
      format === 'json'
        ? write
        : (line) => {
            write(textLine(line, hasTime));
          },
  };
  const logger = pino(
    {
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    destination,
  );
  return {
    info: (message, fields = {}) => {
      logger.info(fields, message);
    },
    warn: (message, fields = {}) => {
      logger.warn(fields, message);
    },
    error: (message, fields = {}) => {
      logger.error(fields, message);
    },
  };
}

function textLine(json: string, hasTime: boolean): string {
  const { time, level, message } = JSON.parse(json) as { time: string; level: string; message: string };
  const words = [...(hasTime ? [time] : []), level.toUpperCase().padEnd(5), message.replaceAll('\n', ' ')];
  return `${words.join(' ')}\n`;
}
