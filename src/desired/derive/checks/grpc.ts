import type { GrpcCheck } from '../../../model/index.js';
import type { DeclaredCheck } from '../../declared.js';
import { tlsOf } from './tls.js';

export function grpcOf(
  { service = '', authority, tls }: NonNullable<DeclaredCheck['grpc']>,
  namespace: string,
): GrpcCheck {
  return { type: 'GRPC', service, authority: authority ?? null, tls: tls === undefined ? null : tlsOf(tls, namespace) };
}
