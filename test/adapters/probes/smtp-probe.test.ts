import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { TlsOptions } from 'node:tls';
import { describe, expect, test } from 'vitest';
import type { SmtpCheck, TlsSettings } from '../../../src/model/index.js';
import { AUTHORITY, EXPIRED_CERTIFICATE, EXPIRED_KEY, GOOD_CERTIFICATE, GOOD_KEY } from './certificates.js';
import { flood } from './http2-servers.js';
import { closedPort, probe, serve } from './servers.js';

const GOOD = { key: GOOD_KEY, cert: GOOD_CERTIFICATE };
const EXPIRED = { key: EXPIRED_KEY, cert: EXPIRED_CERTIFICATE };
const TLS: TlsSettings = {
  serverName: 'www.example.org',
  isVerified: true,
  trusted: AUTHORITY,
  clientCertificate: null,
};

function smtp(some: Partial<SmtpCheck> = {}): SmtpCheck {
  return { type: 'SMTP', heloName: null, tls: null, isUpgraded: false, ...some };
}

const GREETING = '220 mail.example.org ESMTP\r\n';
const HELLO = '250-mail.example.org\r\n250-PIPELINING\r\n250-STARTTLS\r\n250 8BITMIME\r\n';

type Replies = Readonly<Record<string, string>>;
const REPLIES: Replies = { EHLO: HELLO, STARTTLS: '220 2.0.0 go ahead\r\n', QUIT: '221 2.0.0 bye\r\n' };

/** A mail server that greets, and has one reply to each command. */
function mailServer(some: Replies = {}, heard: string[] = [], tls: TlsOptions = GOOD): (socket: Socket) => void {
  const replies: Replies = { '': GREETING, ...REPLIES, ...some };
  const talk = (socket: Socket, greeting: string): void => {
    socket.write(greeting);
    const hear = (chunk: Buffer): void => {
      for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
        heard.push(line);
        const verb = line.replace(/ .*/, '');
        socket.write(replies[verb] ?? '502 what?\r\n');
        if (verb === 'QUIT') socket.end();
        if (verb !== 'STARTTLS') continue;
        socket.off('data', hear);
        const secured = new TLSSocket(socket, { ...tls, isServer: true });
        secured.on('error', () => undefined);
        talk(secured, '');
      }
    };
    socket.on('data', hear);
  };
  return (socket) => {
    talk(socket, replies[''] ?? '');
  };
}

describe('an SMTP probe', () => {
  test('greets, and leaves politely, without sending mail', async () => {
    const heard: string[] = [];
    expect(await probe(smtp(), await serve(mailServer({}, heard)))).toBe('L7OK');
    expect(heard).toEqual(['EHLO [127.0.0.1]', 'QUIT']);
  });

  test('calls itself as it is told', async () => {
    const heard: string[] = [];
    expect(await probe(smtp({ heloName: 'lb.example.org' }), await serve(mailServer({}, heard)))).toBe('L7OK');
    expect(heard[0]).toBe('EHLO lb.example.org');
  });

  test.each<[string, Replies, string]>([
    ['greets in several lines', { '': '220-hello\r\n220-and\r\n220 welcome\r\n' }, 'L7OK'],
    ['ends its lines with a line feed alone', { '': '220 hello\n' }, 'L7OK'],
    ['says no more than a code', { '': '220\r\n' }, 'L7OK'],
    ['takes no mail', { '': '554 no SMTP here\r\n' }, 'L7STS its greeting is 554 no SMTP here'],
    ['is too busy', { '': '421 later\u001b[2J\r\n' }, 'L7STS its greeting is 421 later?[2J'],
    ['refuses the name', { EHLO: '501 5.5.4 bad name\r\n' }, 'L7STS its reply to EHLO is 501 5.5.4 bad name'],
    ['mixes codes in one reply', { EHLO: '250-a\r\n550 b\r\n' }, 'L7RSP its reply to EHLO is not SMTP'],
    ['speaks something else', { '': 'HTTP/1.1 400 Bad Request\r\n' }, 'L7RSP its greeting is not SMTP'],
    ['says a line without end', { '': `220 ${'x'.repeat(10_000)}` }, 'L7RSP its greeting is not SMTP'],
    ['says lines without end', { '': '220-hello\r\n'.repeat(1000) }, 'L7RSP its greeting is not SMTP'],
    ['refuses to part', { QUIT: '500 stay\r\n' }, 'L7OK'],
  ])('has one verdict on a server that %s', async (_, replies, expected) => {
    expect(await probe(smtp(), await serve(mailServer(replies)))).toBe(expected);
  });

  test.each<[string, (socket: Socket) => void, RegExp]>([
    ['says nothing', () => undefined, /^L7TOUT no answer in time$/],
    ['closes at once', (socket) => socket.end(), /^L7RSP the server closed before its greeting$/],
    ['resets at once', (socket) => socket.resetAndDestroy(), /^L[47]\w+ connection reset$/],
    [
      'closes after the greeting',
      (socket) => {
        socket.write(GREETING);
        socket.once('data', () => socket.end());
      },
      /^L7RSP the server closed before its reply to EHLO$/,
    ],
    ['floods', flood(GREETING.repeat(1000)), /^L7(STS|RSP) /],
    ['floods with nonsense', flood('x'.repeat(10_000)), /^L7RSP its greeting is not SMTP$/],
    [
      'says one letter now and then',
      (socket) => {
        let i = 0;
        const timer = setInterval(() => socket.write(GREETING.charAt(i++)), 40);
        socket.on('close', () => {
          clearInterval(timer);
        });
      },
      /^L7TOUT no answer in time$/,
    ],
    [
      'never says goodbye',
      (socket) => {
        socket.write(GREETING);
        socket.once('data', () => socket.write(HELLO));
      },
      /^L7OK$/,
    ],
    [
      'resets instead of a goodbye',
      (socket) => {
        socket.write(GREETING);
        socket.once('data', () => {
          socket.write(HELLO);
          socket.once('data', () => socket.resetAndDestroy());
        });
      },
      /^L7OK$/,
    ],
  ])('has one verdict on a server that %s', async (_, behave, expected) => {
    expect(await probe(smtp(), await serve(behave))).toMatch(expected);
  });

  test('fails where nobody listens', async () => {
    expect(await probe(smtp(), await closedPort())).toBe('L4CON connection refused');
  });
});

describe('an SMTP probe with TLS', () => {
  test('begins with it where STARTTLS is not asked for', async () => {
    expect(await probe(smtp({ tls: TLS }), await serve(mailServer(), GOOD))).toBe('L7OK');
    expect(await probe(smtp({ tls: TLS }), await serve(mailServer(), EXPIRED))).toBe('L6RSP certificate has expired');
    expect(await probe(smtp({ tls: TLS }), await serve(mailServer()))).toMatch(/^L6RSP /);
  });

  test('turns to it with STARTTLS, and greets once more', async () => {
    const heard: string[] = [];
    expect(await probe(smtp({ tls: TLS, isUpgraded: true }), await serve(mailServer({}, heard)))).toBe('L7OK');
    expect(heard).toEqual(['EHLO [127.0.0.1]', 'STARTTLS', 'EHLO [127.0.0.1]', 'QUIT']);
  });

  test.each<[string, Replies, TlsOptions, string]>([
    ['has an expired certificate', {}, EXPIRED, 'L6RSP certificate has expired'],
    ['does not offer STARTTLS', { EHLO: '250 mail.example.org\r\n' }, GOOD, 'L7RSP the server does not offer STARTTLS'],
    ['is only called STARTTLS', { EHLO: '250 STARTTLS\r\n' }, GOOD, 'L7RSP the server does not offer STARTTLS'],
    [
      'cannot have it now',
      { STARTTLS: '454 4.7.0 not now\r\n' },
      GOOD,
      'L7STS its reply to STARTTLS is 454 4.7.0 not now',
    ],
    [
      'says more in the clear, to be taken for what comes over TLS',
      { STARTTLS: '220 go ahead\r\n250 hello\r\n' },
      GOOD,
      'L7RSP the server says more before TLS than it was asked',
    ],
  ])('has one verdict on a server that %s', async (_, replies, tls, expected) => {
    const port = await serve(mailServer(replies, [], tls));
    expect(await probe(smtp({ tls: TLS, isUpgraded: true }), port)).toBe(expected);
  });

  test.each<[string, (socket: Socket) => void, RegExp]>([
    ['says nothing more', () => undefined, /^L6TOUT no TLS session in time$/],
    ['closes', (socket) => socket.end(), /^L6RSP /],
    ['resets', (socket) => socket.resetAndDestroy(), /^L6RSP connection reset$/],
    ['goes on in the clear', (socket) => socket.write(HELLO), /^L6RSP /],
  ])('has one verdict on a server that, instead of TLS, %s', async (_, behave, expected) => {
    const port = await serve((socket) => {
      socket.write(GREETING);
      socket.once('data', () => {
        socket.write(HELLO);
        socket.once('data', () => {
          socket.write('220 go ahead\r\n');
          setTimeout(behave, 20, socket);
        });
      });
    });
    expect(await probe(smtp({ tls: TLS, isUpgraded: true }), port)).toMatch(expected);
  });
});
