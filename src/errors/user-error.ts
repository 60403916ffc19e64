/**
 * Something that the person at the keyboard can put right: the message says what is wrong, the hint what to do. The
 * command line prints both and exits 1, without a stack trace.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly hint: string | undefined;

  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
  }
}
