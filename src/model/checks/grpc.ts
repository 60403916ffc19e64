import type { TlsSettings } from './tls.js';

/** The standard health protocol of gRPC. */
export interface GrpcCheck {
  readonly type: 'GRPC';
  /** Empty: the server as a whole. */
  readonly service: string;
  /** What the server is called; `null`: its address. */
  readonly authority: string | null;
  /** `null`: in the clear. */
  readonly tls: TlsSettings | null;
}
