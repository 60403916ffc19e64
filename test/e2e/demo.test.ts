import { expect, it } from 'vitest';
import { run } from './process.js';

// It checks itself what it shows, and ends with an error where something else happens.
it('make demo shows what it promises', async () => {
  const { status, stdout, stderr } = await run(['bash', 'test/demo/demo.sh'], { timeoutSeconds: 600 });
  expect(status, `${stdout}${stderr}`).toBe(0);
  expect(stdout).toMatch(/ended; the kernel stays as it is/);
});
