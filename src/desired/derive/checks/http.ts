import type { HttpCheck } from '../../../model/index.js';
import type { DeclaredCheck } from '../../declared.js';
import { DEFAULT_CHECK_VERB, DEFAULT_HTTP_VERSION } from '../../schema/limits.js';
import { tlsOf } from './tls.js';

const DIGEST_PREFIX = 'sha256:';
const DEFAULT_STATUSES = ['200-399'];

export function httpOf(http: NonNullable<DeclaredCheck['http']>, namespace: string): HttpCheck {
  const { tls } = http;
  return {
    type: 'HTTP',
    version: http.version ?? DEFAULT_HTTP_VERSION,
    verb: http.method ?? DEFAULT_CHECK_VERB,
    path: http.path ?? '/',
    host: http.host ?? null,
    headers: http.headers ?? [],
    statuses: (http.expectStatus ?? DEFAULT_STATUSES).map(statusRange),
    bodyText: http.expectBody ?? '',
    bodyPattern: http.expectBodyPattern ?? '',
    bodyDigest: http.expectDigest?.slice(DIGEST_PREFIX.length) ?? '',
    weightHeader: http.weightHeader?.toLowerCase() ?? '',
    tls: tls === undefined ? null : tlsOf(tls, namespace),
  };
}

function statusRange(text: string): { readonly first: number; readonly last: number } {
  const [first = '', last = first] = text.split('-');
  return { first: Number(first), last: Number(last) };
}
