export type LockRole = 'apply' | 'run';

/** Who owns the table, in its own words. */
export interface LockHolder {
  readonly pid: number;
  readonly command: LockRole;
  /** ISO 8601. */
  readonly since: string;
}

export interface NamespaceLock {
  release(): Promise<void>;
}

export type LockOutcome =
  | { readonly kind: 'Acquired'; readonly lock: NamespaceLock }
  /** `null` where the holder does not say who it is within a second. */
  | { readonly kind: 'Held'; readonly holder: LockHolder | null };

export async function lockNamespace(options: { readonly role: LockRole }): Promise<LockOutcome> {
  await Promise.resolve();
  throw new Error(`to come: ${options.role}`);
}
