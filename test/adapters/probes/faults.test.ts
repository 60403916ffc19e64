import type { Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { ProbeScheduler, probeStarter } from '../../../src/adapters/probes/index.js';
import type { Verdict } from '../../../src/health/index.js';
import type { CheckMethod, TlsSettings } from '../../../src/model/index.js';
import { AUTHORITY, EXPIRED_CERTIFICATE, EXPIRED_KEY, GOOD_CERTIFICATE, GOOD_KEY } from './certificates.js';
import { flood } from './http2-servers.js';
import { http, serve, target } from './servers.js';

const TIMEOUT_MILLISECONDS = 400;
/** A machine that does other things too looks at its clock within 400, and gives servers as much again. */
const LATENESS_MILLISECONDS = 800;

const TLS: TlsSettings = {
  serverName: 'www.example.org',
  isVerified: true,
  trusted: AUTHORITY,
  clientCertificate: null,
};
const GOOD = { key: GOOD_KEY, cert: GOOD_CERTIFICATE };
const EXPIRED = { key: EXPIRED_KEY, cert: EXPIRED_CERTIFICATE };

const SMTP = { type: 'SMTP', heloName: null, tls: null, isUpgraded: false } as const;
const GRPC = { type: 'GRPC', service: '', authority: null, tls: null } as const;

const IN_THE_CLEAR: Readonly<Record<string, CheckMethod>> = {
  TCP: { type: 'TCP', send: 'x', expect: 'y' },
  HTTP: http({ bodyText: 'ok' }),
  'HTTP/2': http({ version: 'HTTP/2', bodyText: 'ok' }),
  GRPC,
  SMTP,
  Agent: { type: 'Agent', send: '' },
  'DNS over TCP': {
    type: 'DNS',
    name: 'www.example.org',
    recordType: 'A',
    responseCode: 'NOERROR',
    answer: '',
    transport: 'TCP',
  },
};

const BEHIND_TLS: Readonly<Record<string, CheckMethod>> = {
  HTTPS: http({ bodyText: 'ok', tls: TLS }),
  'HTTP/2 behind TLS': http({ version: 'HTTP/2', bodyText: 'ok', tls: TLS }),
  'GRPC behind TLS': { ...GRPC, tls: TLS },
  'SMTP behind TLS': { ...SMTP, tls: TLS },
};

const ALL = { ...IN_THE_CLEAR, ...BEHIND_TLS };

function drip(text: string): (socket: Socket) => void {
  return (socket) => {
    let i = 0;
    const timer = setInterval(() => socket.write(text.charAt(i++ % text.length)), 50);
    socket.on('close', () => {
      clearInterval(timer);
    });
  };
}

function say(text: string): (socket: Socket) => void {
  return (socket) => socket.once('data', () => socket.end(text));
}

const WRONG_PAGE = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno';
const { HTTP, HTTPS } = { HTTP: http({ bodyText: 'ok' }), HTTPS: http({ bodyText: 'ok', tls: TLS }) };

interface Fault {
  readonly name: string;
  readonly behave: (socket: Socket) => void;
  readonly tls?: typeof GOOD;
  readonly methods: Readonly<Record<string, CheckMethod>>;
  readonly codes: RegExp;
}

const FAULTS: readonly Fault[] = [
  { name: 'accepts and says nothing', behave: () => undefined, methods: ALL, codes: /^L[67]TOUT$/ },
  {
    name: 'says nothing once there is a TLS session',
    behave: () => undefined,
    tls: GOOD,
    methods: { HTTPS, 'SMTP behind TLS': { ...SMTP, tls: TLS } },
    codes: /^L7TOUT$/,
  },
  { name: 'sends a byte now and then', behave: drip('H'), methods: ALL, codes: /^L[67](TOUT|RSP)$/ },
  {
    name: 'sends a page byte by byte',
    behave: drip('HTTP/1.1 200 OK\r\nx: y'),
    methods: { HTTP },
    codes: /^L7TOUT$/,
  },
  { name: 'closes at once', behave: (socket) => socket.end(), methods: ALL, codes: /^(L[67]RSP|L4CON)$/ },
  {
    name: 'resets at once',
    behave: (socket) => socket.resetAndDestroy(),
    methods: ALL,
    codes: /^(L[67]RSP|L4CON)$/,
  },
  { name: 'floods', behave: flood('x'.repeat(10_000)), methods: ALL, codes: /^L[67]RSP$/ },
  { name: 'floods with lines', behave: flood('220-x\r\n'.repeat(1000)), methods: ALL, codes: /^L[67]RSP$/ },
  {
    name: 'has an expired certificate',
    behave: () => undefined,
    tls: EXPIRED,
    methods: BEHIND_TLS,
    codes: /^L6RSP$/,
  },
  { name: 'answers 200 with the wrong body', behave: say(WRONG_PAGE), methods: { HTTP }, codes: /^L7RSP$/ },
  {
    name: 'answers 200 with the wrong body behind TLS',
    behave: say(WRONG_PAGE),
    tls: GOOD,
    methods: { HTTPS },
    codes: /^L7RSP$/,
  },
];

test.each(FAULTS)(
  'a server that $name: every probe of it fails once, in time, and leaves nothing open',
  async (fault) => {
    let open = 0;
    const prober = new ProbeScheduler({ start: probeStarter({}), random: () => 0 });
    const verdicts = new Map<string, readonly Verdict[]>();
    const stops: (() => void)[] = [];
    for (const [name, method] of Object.entries(fault.methods)) {
      const port = await serve((socket) => {
        open++;
        socket.on('close', () => open--);
        // Only one that reads notices that the other side is gone.
        socket.resume();
        fault.behave(socket);
      }, fault.tls);
      const once = { intervalMilliseconds: 60_000, timeoutMilliseconds: TIMEOUT_MILLISECONDS };
      verdicts.set(name, []);
      stops.push(
        prober.watch(target(method, port, once), (verdict) => {
          verdicts.set(name, [...(verdicts.get(name) ?? []), verdict]);
        }),
      );
    }
    await vi.waitFor(() => {
      expect([...verdicts.values()].every(({ length }) => length > 0)).toBe(true);
      expect(open).toBe(0);
    }, 5000);
    for (const stop of stops) stop();
    expect(prober.running).toBe(0);
    for (const [name, told] of verdicts) {
      expect([name, ...told.map(({ code }) => code)]).toEqual([name, expect.stringMatching(fault.codes)]);
      expect(told[0]?.latencyMilliseconds).toBeLessThan(TIMEOUT_MILLISECONDS + LATENESS_MILLISECONDS);
    }
  },
);
