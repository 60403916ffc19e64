import { FULL_NETMASK, netmaskFromPrefix, schedulerFlagNames, serviceFamily } from '../model/index.js';
import type { Persistence, ServiceKey, ServiceSettings } from '../model/index.js';
import { InputChecks } from './input-checks.js';
import { checkServiceKey, SERVICE_KEY_FIELDS } from './service-key-input.js';
import type { ServiceKeyInput } from './service-key-input.js';

/** A new service: what tells it apart, and its settings. */
export type ServiceInput = ServiceKeyInput & ServiceSettingsInput;

/** What can be edited. The comments give the values of a new service for what is absent. */
export interface ServiceSettingsInput {
  /** wlc. The kernel's name of it (`IPVS_SVC_ATTR_SCHED_NAME`), 1 to 15 of a-z 0-9 _ -. */
  readonly scheduler?: string;
  /**
   * None. `sh-fallback` and `sh-port` with sh, `mh-fallback` and `mh-port` with mh, `flag-1` to `flag-3` with any other
   * (`IPVS_SVC_ATTR_FLAGS`). An edit that changes the scheduler and names no flags clears them.
   */
  readonly schedulerFlags?: readonly string[];
  /** false. Each packet is scheduled by itself; for UDP and firewall marks only. */
  readonly onePacketScheduling?: boolean;
  /** None, which `null` says as well. */
  readonly persistence?: PersistenceInput | null;
}

export interface PersistenceInput {
  /** 300; 1..2678400, which are 31 days (`IPVS_SVC_ATTR_TIMEOUT`). */
  readonly timeoutSeconds?: number;
  /** 32 or 128: each client by itself. 0..32, or 1..128 for IPv6 (`IPVS_SVC_ATTR_NETMASK`). */
  readonly prefixLength?: number;
  /** None. `sip` is the only one that Linux has (`IPVS_SVC_ATTR_PE_NAME`). */
  readonly engine?: string;
}

const SETTINGS_FIELDS = ['scheduler', 'schedulerFlags', 'onePacketScheduling', 'persistence'];
const MAXIMUM_PERSISTENCE_SECONDS = 31 * 24 * 3600;

const DEFAULTS: ServiceSettings = {
  scheduler: 'wlc',
  schedulerFlags: 0,
  onePacketScheduling: false,
  persistence: null,
};

/** A service as operations take it. Throws InvalidInputError. */
export function serviceFromInput(input: ServiceInput): {
  readonly key: ServiceKey;
  readonly settings: ServiceSettings;
} {
  const checks = new InputChecks();
  checks.fields('', input, [...SERVICE_KEY_FIELDS, ...SETTINGS_FIELDS]);
  const key = checkServiceKey(checks, input);
  const settings = checkSettings(checks, key, DEFAULTS, input);
  checks.finish('service');
  return { key, settings };
}

/** The settings that an edit leaves. Throws InvalidInputError. */
export function editedServiceSettings(
  key: ServiceKey,
  current: ServiceSettings,
  changes: ServiceSettingsInput,
): ServiceSettings {
  const checks = new InputChecks();
  checks.fields('', changes, SETTINGS_FIELDS);
  const settings = checkSettings(checks, key, current, changes);
  checks.finish('service');
  return settings;
}

function checkSettings(
  checks: InputChecks,
  key: ServiceKey,
  current: ServiceSettings,
  { scheduler, schedulerFlags, onePacketScheduling, persistence }: ServiceSettingsInput,
): ServiceSettings {
  const newScheduler =
    scheduler === undefined
      ? current.scheduler
      : checks.text('scheduler', scheduler, /^[a-z0-9_-]{1,15}$/, 'the name of a scheduler, such as wlc');
  const keptFlags = newScheduler === current.scheduler ? current.schedulerFlags : 0;
  const settings: ServiceSettings = {
    scheduler: newScheduler,
    schedulerFlags: schedulerFlags === undefined ? keptFlags : checkFlags(checks, newScheduler, schedulerFlags),
    onePacketScheduling:
      onePacketScheduling === undefined
        ? current.onePacketScheduling
        : checks.boolean('onePacketScheduling', onePacketScheduling),
    persistence:
      persistence === undefined ? current.persistence : checkPersistence(checks, key, current.persistence, persistence),
  };
  checkAgainstKey(checks, key, settings);
  return settings;
}

function checkFlags(checks: InputChecks, scheduler: string, names: readonly string[]): number {
  const known = schedulerFlagNames(scheduler, 7);
  let flags = 0;
  for (const [i, name] of names.entries()) {
    const bit = known.indexOf(name);
    if (bit === -1) {
      checks.report(
        `schedulerFlags[${i}]`,
        'InvalidValue',
        `expected ${known.join(', ')}, got ${JSON.stringify(name)}`,
      );
    } else {
      flags |= 1 << bit;
    }
  }
  return flags;
}

function checkPersistence(
  checks: InputChecks,
  key: ServiceKey,
  current: Persistence | null,
  input: PersistenceInput | null,
): Persistence | null {
  if (input === null) return null;
  const family = serviceFamily(key);
  const [minimum, maximum] = family === 'IPv6' ? [1, 128] : [0, 32];
  checks.fields('persistence.', input, ['timeoutSeconds', 'prefixLength', 'engine']);
  const { timeoutSeconds, prefixLength, engine } = input;
  return {
    timeoutSeconds:
      timeoutSeconds === undefined
        ? (current?.timeoutSeconds ?? 300)
        : checks.integer('persistence.timeoutSeconds', timeoutSeconds, 1, MAXIMUM_PERSISTENCE_SECONDS),
    netmask:
      prefixLength === undefined
        ? (current?.netmask ?? FULL_NETMASK[family])
        : netmaskFromPrefix(family, checks.integer('persistence.prefixLength', prefixLength, minimum, maximum)),
    engine:
      engine === undefined
        ? (current?.engine ?? '')
        : checks.text('persistence.engine', engine, /^[a-z0-9_-]{0,15}$/, 'the name of an engine, or an empty text'),
  };
}

/** The kernel takes these, and then no packet ever fits: a service on every port without persistence, and so on. */
function checkAgainstKey(checks: InputChecks, key: ServiceKey, settings: ServiceSettings): void {
  if (!checks.isClean || key.firewallMark !== undefined) return;
  if (key.port === 0 && settings.persistence === null) {
    checks.report('persistence', 'Inconsistent', 'a service on port 0, which is every port, needs persistence');
  }
  if (key.protocol !== 'UDP' && settings.onePacketScheduling) {
    checks.report('onePacketScheduling', 'Inconsistent', `there is no such thing for ${key.protocol}`);
  }
}
