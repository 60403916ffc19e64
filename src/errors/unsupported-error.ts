/** The running kernel lacks a feature that was asked for. */
export class UnsupportedError extends Error {
  override readonly name = 'UnsupportedError';
  /** The feature as a person knows it: `GRE tunnels`, `scheduler mh`. */
  readonly feature: string;
  /** The first kernel version that has it, such as `5.3`; absent where a module or a build option decides. */
  readonly minimumKernel: string | undefined;

  constructor(feature: string, options: { minimumKernel?: string; hint?: string } = {}) {
    const since = options.minimumKernel === undefined ? '' : ` (Linux ${options.minimumKernel} and later have it)`;
    const hint = options.hint === undefined ? '' : `: ${options.hint}`;
    super(`the running kernel does not support ${feature}${since}${hint}`);
    this.feature = feature;
    this.minimumKernel = options.minimumKernel;
  }
}
