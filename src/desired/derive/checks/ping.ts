import type { PingCheck } from '../../../model/index.js';
import type { DeclaredCheck } from '../../declared.js';
import { DEFAULT_PING_PAYLOAD_BYTES } from '../../schema/limits.js';

export function pingOf({ payloadBytes = DEFAULT_PING_PAYLOAD_BYTES }: NonNullable<DeclaredCheck['ping']>): PingCheck {
  return { type: 'Ping', payloadBytes };
}
