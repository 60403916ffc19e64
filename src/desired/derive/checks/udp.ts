import type { UdpCheck } from '../../../model/index.js';
import type { DeclaredCheck } from '../../declared.js';

export function udpOf({ send, sendHex, expect, expectHex }: NonNullable<DeclaredCheck['udp']>): UdpCheck {
  return { type: 'UDP', sendHex: hexOf(send, sendHex), expectHex: hexOf(expect, expectHex) };
}

function hexOf(text = '', hex: string = Buffer.from(text).toString('hex')): string {
  return hex.toLowerCase();
}
