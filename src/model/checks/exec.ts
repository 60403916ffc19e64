/** A program of this host that asks the server. */
export interface ExecCheck {
  readonly type: 'Exec';
  /** The program, in the folder of programs or relative to it, and its arguments. No shell reads them. */
  readonly command: readonly string[];
  /** What the program finds in its environment besides the usual. */
  readonly environment: readonly { readonly name: string; readonly value: string }[];
}
