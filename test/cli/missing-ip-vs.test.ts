import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../../dist/command/main.js', import.meta.url));

it('get on a host without ip_vs says how to load it, and exits 1', (context) => {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, 'get'], { encoding: 'utf8' });
  // The lab shows what get does on a host that has ip_vs, or that loads it when asked.
  context.skip(status === 0, 'this host has ip_vs');
  expect(status).toBe(1);
  expect(stderr).toMatch(/modprobe ip_vs|CAP_NET_ADMIN/);
  expect(stderr).not.toMatch(/\n {4}at /);
});
