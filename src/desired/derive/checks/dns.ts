import type { DnsCheck } from '../../../model/index.js';
import type { DeclaredCheck } from '../../declared.js';
import {
  DEFAULT_DNS_NAME,
  DEFAULT_DNS_RECORD_TYPE,
  DEFAULT_DNS_RESPONSE_CODE,
  DEFAULT_DNS_TRANSPORT,
} from '../../schema/limits.js';

export function dnsOf(dns: NonNullable<DeclaredCheck['dns']>): DnsCheck {
  return {
    type: 'DNS',
    name: dns.name ?? DEFAULT_DNS_NAME,
    recordType: dns.recordType ?? DEFAULT_DNS_RECORD_TYPE,
    responseCode: dns.responseCode ?? DEFAULT_DNS_RESPONSE_CODE,
    answer: dns.answer ?? '',
    transport: dns.transport ?? DEFAULT_DNS_TRANSPORT,
  };
}
