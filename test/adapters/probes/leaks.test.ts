import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { expect, test, vi } from 'vitest';
import { probeStarter } from '../../../src/adapters/probes/index.js';
import type { CheckMethod, TlsSettings } from '../../../src/model/index.js';
import { AUTHORITY, EXPIRED_CERTIFICATE, EXPIRED_KEY, GOOD_CERTIFICATE, GOOD_KEY } from './certificates.js';
import { flood, FRAME, frame, numbers, sayFrames } from './http2-servers.js';
import { http, serve, target } from './servers.js';

const TLS: TlsSettings = {
  serverName: 'www.example.org',
  isVerified: true,
  trusted: AUTHORITY,
  clientCertificate: null,
};
const EXPIRED = { key: EXPIRED_KEY, cert: EXPIRED_CERTIFICATE };
const GOOD = { key: GOOD_KEY, cert: GOOD_CERTIFICATE };

const HTTP2 = http({ version: 'HTTP/2', bodyText: 'ok' });
const GRPC = { type: 'GRPC', service: '', authority: null, tls: null } as const;
const SMTP = { type: 'SMTP', heloName: null, tls: null, isUpgraded: false } as const;

const METHODS: readonly CheckMethod[] = [
  { type: 'TCP', send: 'x', expect: 'y' },
  http({ bodyText: 'ok' }),
  http({ bodyText: 'ok', tls: TLS }),
  HTTP2,
  { ...HTTP2, tls: TLS },
  GRPC,
  { ...GRPC, tls: TLS },
  SMTP,
  { ...SMTP, tls: TLS },
  { ...SMTP, tls: TLS, isUpgraded: true },
  { type: 'Agent', send: 'x' },
  { type: 'DNS', name: '.', recordType: 'SOA', responseCode: 'NOERROR', answer: '', transport: 'TCP' },
];

const SAYINGS = [
  'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf',
  'HTTP/1.1 100 Continue\r\n\r\n',
  '220 a\r\n250-b\r\n250 STARTTLS\r\n220 c\r\n',
  '220 a\r\n',
];

function abort(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

const BEHAVIOURS: readonly ((socket: Socket) => void)[] = [
  () => undefined,
  (socket) => socket.end(),
  abort,
  (socket) => setTimeout(() => socket.end(), 10),
  (socket) => setTimeout(abort, 10, socket),
  flood('x'.repeat(10_000)),
  flood(frame(FRAME.SETTINGS, 0, 0)),
  sayFrames(frame(FRAME.GOAWAY, 0, 0, numbers(0, 1))),
  sayFrames(frame(FRAME.HEADERS, 4, 1, Buffer.from([0x88])), frame(FRAME.RST_STREAM, 0, 1, numbers(8))),
  ...SAYINGS.flatMap((text) => [
    (socket: Socket) => socket.write(text),
    (socket: Socket) => socket.end(text),
    flood(text),
    (socket: Socket) => {
      for (const [i, byte] of text.split(/(?=.)/s).entries()) setTimeout(() => socket.write(byte), 2 * i);
    },
  ]),
];

/** What would keep this process from ending, apart from what the tests themselves have. */
function openHandles(): number {
  return process.getActiveResourcesInfo().filter((name) => /^(TCP|TLS|Pipe|HTTP|FSReq|GetAddrInfo)/.test(name)).length;
}

test.each(['in the clear', 'behind TLS', 'behind an expired certificate'])(
  'leave nothing open, and say one thing each, whatever a server does %s',
  async (front) => {
    const tls = front === 'in the clear' ? undefined : front === 'behind TLS' ? GOOD : EXPIRED;
    const start = probeStarter();
    let open = 0;
    const ports = await Promise.all(
      BEHAVIOURS.map((behave) =>
        serve((socket) => {
          open++;
          socket.on('close', () => open--);
          // Only one that reads notices that the other side is gone.
          socket.resume();
          behave(socket);
        }, tls),
      ),
    );
    await wait(20);
    const before = openHandles();
    const all = METHODS.flatMap((method) => ports.map((port) => ({ method, port, said: 0 })));
    const running = all.map((one) =>
      start(target(one.method, one.port), () => {
        one.said++;
      }),
    );
    await wait(300);
    // Those that ended are not asked to: the scheduler does not either.
    for (const [i, one] of all.entries()) {
      if (one.said > 0) continue;
      running[i]?.expire();
      one.said++;
    }
    await vi.waitFor(() => {
      expect(open).toBe(0);
      expect(openHandles()).toBe(before);
    }, 5000);
    expect(all.filter(({ said }) => said !== 1)).toEqual([]);
  },
);
