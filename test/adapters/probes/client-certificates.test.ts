import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ClientCertificates } from '../../../src/adapters/probes/client-certificates.js';
import type { TlsSettings } from '../../../src/model/index.js';
import {
  AUTHORITY,
  CLIENT_CERTIFICATE,
  CLIENT_KEY,
  EXPIRED_CERTIFICATE,
  EXPIRED_KEY,
  GOOD_CERTIFICATE,
  GOOD_KEY,
} from './certificates.js';
import { answer, http, probe } from './servers.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrets-'));
});

afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

async function put(name: string, cert: string, key: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'tls.crt'), cert);
  await writeFile(join(folder, name, 'tls.key'), key);
}

const TLS: TlsSettings = {
  serverName: 'www.example.org',
  isVerified: true,
  trusted: AUTHORITY,
  clientCertificate: 'shop/director',
};
const DEMANDING = {
  key: GOOD_KEY,
  cert: GOOD_CERTIFICATE,
  ca: CLIENT_CERTIFICATE,
  requestCert: true,
  rejectUnauthorized: true,
};
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

function probeShowing(tls: TlsSettings, port: number): Promise<string> {
  return probe(http({ tls }), port, undefined, { secretsFolder: folder });
}

describe('a probe with a client certificate', () => {
  test('shows it to a server that demands one', async () => {
    await put('shop/director', CLIENT_CERTIFICATE, CLIENT_KEY);
    expect(await probeShowing(TLS, await answer(OK, DEMANDING))).toBe('L7OK');
  });

  test('fails where the server wants another one, or one at all', async () => {
    await put('shop/director', GOOD_CERTIFICATE, GOOD_KEY);
    const port = await answer(OK, DEMANDING);
    // The server's reason may be overtaken by its reset.
    expect(await probeShowing(TLS, port)).toMatch(/^L6RSP |^L7RSP connection reset$/);
    expect(await probeShowing({ ...TLS, clientCertificate: null }, port)).toMatch(/^L6RSP |^L7RSP connection reset$/);
  });

  test.each<[string, () => Promise<void>, RegExp]>([
    ['is not there', () => Promise.resolve(), /ENOENT/],
    ['does not fit its key', () => put('shop/director', CLIENT_CERTIFICATE, GOOD_KEY), /key values mismatch/],
    ['is no certificate', () => put('shop/director', 'nonsense', CLIENT_KEY), /PEM|no start line/],
    [
      'is a file without end',
      async () => {
        await put('shop/director', CLIENT_CERTIFICATE, CLIENT_KEY);
        await rm(join(folder, 'shop/director/tls.crt'));
        await symlink('/dev/zero', join(folder, 'shop/director/tls.crt'));
      },
      /is no certificate or key/,
    ],
  ])('says nothing about the server where the certificate %s', async (_, prepare, reason) => {
    await prepare();
    const said = await probeShowing(TLS, await answer(OK, DEMANDING));
    expect(said).toMatch(/^SOCKERR client certificate shop\/director: /);
    expect(said).toMatch(reason);
  });

  test('says nothing about the server where no folder has certificates', async () => {
    const said = await probe(http({ tls: TLS }), await answer(OK, DEMANDING));
    expect(said).toBe('SOCKERR client certificate shop/director: there are none without --secrets-dir');
  });
});

describe('client certificates', () => {
  test('are the same object while their files are the same, and read again when these change', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    await put('shop/director', CLIENT_CERTIFICATE, CLIENT_KEY);
    const certificates = new ClientCertificates(folder);
    const first = await certificates.of('shop/director');
    vi.advanceTimersByTime(2000);
    expect(await certificates.of('shop/director')).toBe(first);
    await put('shop/director', EXPIRED_CERTIFICATE, EXPIRED_KEY);
    await utimes(join(folder, 'shop/director/tls.key'), 1, 1);
    expect(await certificates.of('shop/director')).toBe(first);
    vi.advanceTimersByTime(2000);
    expect((await certificates.of('shop/director')).cert).toBe(EXPIRED_CERTIFICATE);
  });

  test('are looked for again at once after they could not be read', async () => {
    const certificates = new ClientCertificates(folder);
    await expect(certificates.of('shop/director')).rejects.toThrow('ENOENT');
    await put('shop/director', CLIENT_CERTIFICATE, CLIENT_KEY);
    expect((await certificates.of('shop/director')).key).toBe(CLIENT_KEY);
  });
});
