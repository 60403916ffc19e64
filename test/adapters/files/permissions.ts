import { accessSync, chmodSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Whether permissions keep this process out of files. They do not where it has root's powers over files; `test/run-all`
 * gives those up for the unit tests.
 */
export function permissionsHold(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'permissions-'));
  try {
    chmodSync(folder, 0);
    accessSync(folder, constants.R_OK);
    return false;
  } catch {
    return true;
  } finally {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true });
  }
}
