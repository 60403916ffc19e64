/**
 * How packets reach a real server. A person declares Masquerade, DirectRouting or Tunnel; Local and Bypass exist in
 * the kernel's interface, and are read, kept and shown where another tool wrote them.
 */
export const FORWARDING_METHODS = ['Masquerade', 'DirectRouting', 'Tunnel', 'Local', 'Bypass'] as const;
export type ForwardingMethod = (typeof FORWARDING_METHODS)[number];

export const TUNNEL_TYPES = ['IPIP', 'GUE', 'GRE'] as const;
export type TunnelType = (typeof TUNNEL_TYPES)[number];

/** Checksums of the outer header: none, standard, or remote offload (GUE only). */
export const CHECKSUM_KINDS = ['None', 'Standard', 'Remote'] as const;
export type ChecksumKind = (typeof CHECKSUM_KINDS)[number];

export type Tunnel =
  | { readonly type: 'IPIP' }
  /** `port` is the UDP port that the real server decapsulates on, 1..65535. */
  | { readonly type: 'GUE'; readonly port: number; readonly checksum: ChecksumKind }
  | { readonly type: 'GRE'; readonly checksum: 'None' | 'Standard' };

/** What a tunnel is where nothing else was said, in the kernel as here. */
export const IPIP: Tunnel = Object.freeze({ type: 'IPIP' });
