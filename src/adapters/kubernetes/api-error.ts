/** The API server refused a request, or could not be asked. Match `status` and `reason`; the message is for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** Of HTTP; 0 where no whole answer came. */
  readonly status: number;
  /**
   * As the server's Status object has it: `Conflict`, `Expired`. Without one: `Unreachable`, `Timeout`, `Credentials`
   * (they could not be got), `Malformed` (the answer makes no sense).
   */
  readonly reason: string;
  /** How long the server asks to be left alone. */
  readonly retryAfterSeconds: number | undefined;

  constructor(fields: {
    status: number;
    reason: string;
    message: string;
    retryAfterSeconds?: number | undefined;
    cause?: unknown;
  }) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.status = fields.status;
    this.reason = fields.reason;
    this.retryAfterSeconds = fields.retryAfterSeconds;
  }
}

/** Of an answer that says no. `text` is its body, a Status object as a rule. */
export function refusal(status: number, retryAfter: string | undefined, text: string): ApiError {
  const { reason, message, seconds } = readStatus(text);
  const retryAfterSeconds = secondsOf(retryAfter) ?? seconds;
  return new ApiError({
    status,
    reason: reason ?? `HTTP ${status}`,
    message: message ?? plainText(status, text),
    retryAfterSeconds,
  });
}

/** The error that a watch carries as an event of type ERROR. */
export function eventError(object: unknown): ApiError {
  const { code, reason, message, seconds } = statusFields(object);
  const status = code ?? 500;
  const fallback = `the watch ended with an error of code ${status}`;
  return new ApiError({
    status,
    reason: reason ?? `HTTP ${status}`,
    message: message ?? fallback,
    retryAfterSeconds: seconds,
  });
}

const LONGEST_TEXT = 200;

function plainText(status: number, text: string): string {
  const line = text.trim().slice(0, LONGEST_TEXT);
  return line === '' ? `the API server answered ${status}` : `the API server answered ${status}: ${line}`;
}

interface StatusFields {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly seconds?: number;
}

function readStatus(text: string): StatusFields {
  try {
    return statusFields(JSON.parse(text));
  } catch {
    return {};
  }
}

function statusFields(value: unknown): StatusFields {
  if (typeof value !== 'object' || value === null) return {};
  const { code, reason, message, details } = value as Record<string, unknown>;
  const seconds =
    typeof details === 'object' && details !== null
      ? (details as Record<string, unknown>)['retryAfterSeconds']
      : undefined;
  return {
    ...(typeof code === 'number' ? { code } : {}),
    ...(typeof reason === 'string' && reason !== '' ? { reason } : {}),
    ...(typeof message === 'string' && message !== '' ? { message } : {}),
    ...(typeof seconds === 'number' && seconds > 0 ? { seconds } : {}),
  };
}

/** The other form of the header, a date, is not used by API servers. */
function secondsOf(retryAfter: string | undefined): number | undefined {
  return retryAfter !== undefined && /^[0-9]{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;
}
