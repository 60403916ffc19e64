/** A question to a name server. */
export interface DnsCheck {
  readonly type: 'DNS';
  readonly name: string;
  readonly recordType: DnsRecordType;
  /** How the answer must end, in the words of the protocol. */
  readonly responseCode: string;
  /** What one of the records must say; empty: any will do, and none. */
  readonly answer: string;
  readonly transport: 'UDP' | 'TCP';
}

export const DNS_RECORD_TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT'] as const;
export type DnsRecordType = (typeof DNS_RECORD_TYPES)[number];
