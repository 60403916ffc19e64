import type { HttpCheck } from '../../../model/index.js';
import type { DeclaredCheck } from '../../declared.js';
import { DEFAULT_CHECK_VERB } from '../../schema/limits.js';
import { tlsOf } from './tls.js';

const DEFAULT_STATUSES = ['200-399'];

export function httpOf(http: NonNullable<DeclaredCheck['http']>): HttpCheck {
  const { tls } = http;
  return {
    type: 'HTTP',
    verb: http.method ?? DEFAULT_CHECK_VERB,
    path: http.path ?? '/',
    host: http.host ?? null,
    headers: http.headers ?? [],
    statuses: (http.expectStatus ?? DEFAULT_STATUSES).map(statusRange),
    bodyText: http.expectBody ?? '',
    bodyPattern: http.expectBodyPattern ?? '',
    tls: tls === undefined ? null : tlsOf(tls),
  };
}

function statusRange(text: string): { readonly first: number; readonly last: number } {
  const [first = '', last = first] = text.split('-');
  return { first: Number(first), last: Number(last) };
}
