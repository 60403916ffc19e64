/** Defaults and limits of the declared objects, apart from the schema so that reading good documents loads no zod. */

export const API_GROUP = 'ipvs-operator.io';
export const API_VERSION = `${API_GROUP}/v1alpha1`;

/** A file or an object with more faults has one cause for most of them: no more are told. */
export const MAXIMUM_FAULTS = 100;

export const DEFAULT_NAMESPACE = 'default';
export const DEFAULT_SCHEDULER = 'wlc';
export const DEFAULT_PROTOCOL = 'TCP';
export const DEFAULT_FORWARDING = 'Masquerade';
export const DEFAULT_TUNNEL = 'IPIP';
export const DEFAULT_CHECKSUM = 'None';
export const DEFAULT_WEIGHT = 1;
export const DEFAULT_STATE = 'Enabled';
export const DEFAULT_MARK_FAMILIES = ['IPv4'] as const;
export const DEFAULT_PERSISTENCE_SECONDS = 300;
export const DEFAULT_IPV4_PREFIX_LENGTH = 32;
export const DEFAULT_IPV6_PREFIX_LENGTH = 128;
export const DEFAULT_INITIAL_STATE = 'Passing';
export const DEFAULT_ON_FAILURE = 'Remove';
export const DEFAULT_INTERVAL_SECONDS = 5;
export const DEFAULT_TIMEOUT_SECONDS = 2;
export const DEFAULT_RISE = 1;
export const DEFAULT_FALL = 3;
export const DEFAULT_CHECK_TARGET = 'RealServer';
export const DEFAULT_CHECK_VERB = 'GET';
export const CHECK_HTTP_VERSIONS = ['HTTP/1.1', 'HTTP/2'] as const;
export const DEFAULT_HTTP_VERSION = 'HTTP/1.1';

export const DEFAULT_DNS_NAME = '.';
export const DEFAULT_DNS_RECORD_TYPE = 'SOA';
export const DEFAULT_DNS_RESPONSE_CODE = 'NOERROR';
export const DEFAULT_DNS_TRANSPORT = 'UDP';
export const DEFAULT_PING_PAYLOAD_BYTES = 56;

/** How servers can be asked. */
export const CHECK_TYPES = ['Agent', 'DNS', 'Exec', 'GRPC', 'HTTP', 'Ping', 'SMTP', 'TCP', 'UDP'] as const;
export type CheckType = (typeof CHECK_TYPES)[number];

/** Those whose packets a mark leads to a server: pings IPVS does not forward, and programs send what they want. */
export const CHECK_TYPES_WITHOUT_VIRTUAL_ADDRESS: readonly CheckType[] = ['Exec', 'Ping'];

/** The block of a check that has the settings of this type. */
export function settingsField<Type extends CheckType>(type: Type): Lowercase<Type> {
  return type.toLowerCase() as Lowercase<Type>;
}

export const MAXIMUM_PORT = 65535;
export const MAXIMUM_FIREWALL_MARK = 0xffffffff;
export const MAXIMUM_WEIGHT = 65535;
export const MAXIMUM_SLOW_START_WEIGHT = 655;
/** 31 days, as ipvsadm has it. */
export const MAXIMUM_TIMEOUT_SECONDS = 2_678_400;
/** As long may a check hold one of the director's probes, which all objects share. */
export const MAXIMUM_CHECK_TIMEOUT_SECONDS = 300;
export const MAXIMUM_CONNECTIONS = 0xffffffff;
export const MAXIMUM_ADDRESSES = 16;
export const MAXIMUM_PORTS = 64;
export const MAXIMUM_REAL_SERVERS = 1024;
export const MAXIMUM_SORRY_SERVERS = 16;
export const MAXIMUM_CHECKS = 16;
export const MAXIMUM_ARGUMENTS = 32;
export const MAXIMUM_PREFIXES = 256;

export const SCHEDULER_PATTERN = '^[a-z0-9_-]{1,15}$';
export const ENGINE_PATTERN = '^[a-z0-9_-]{1,15}$';
/** An object's name: a DNS-1123 subdomain of at most 253 characters. */
export const NAME_PATTERN = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$';
/** A namespace's, a port's or a check's name: a DNS-1123 label of at most 63 characters. */
export const LABEL_PATTERN = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';
/** A path below a folder that stays there, without hidden files. */
export const PROGRAM_PATTERN = '^[A-Za-z0-9_+@-][A-Za-z0-9_+@.-]*(/[A-Za-z0-9_+@-][A-Za-z0-9_+@.-]*)*$';
export const PROGRAM_VARIABLE_PATTERN = '^CHECK_[A-Z0-9_]+$';
/** What the kernel takes as an interface's name. */
export const INTERFACE_PATTERN = '^[^ /:]{1,15}$';
export const SYSCTL_NAME_PATTERN = '^[a-z0-9_]+$';
export const MARK_RANGE_PATTERN = '^[1-9][0-9]{0,9}(-[1-9][0-9]{0,9})?$';
