import type { KernelErrorCode } from '../errors/index.js';
import { NO_STATISTICS, persistenceEngine, serviceFamily, serviceKeyText } from '../model/index.js';
import type { ServiceKey, ServiceSettings } from '../model/index.js';
import { discardServers } from './servers.js';
import type { State } from './state.js';
import type { Traits } from './traits.js';

/** NEW_SERVICE. */
export function addService(
  state: State,
  traits: Traits,
  key: ServiceKey,
  settings: ServiceSettings,
): KernelErrorCode | undefined {
  const text = serviceKeyText(key);
  if (serviceFamily(key) === 'IPv6' && !traits.ipv6) return 'EAFNOSUPPORT';
  if (state.services.has(text)) return 'EEXIST';
  const fault = faultOfSettings(traits, settings);
  if (fault !== undefined) return fault;
  state.services.set(text, {
    key,
    settings: settingsAsKept(settings),
    servers: new Map(),
    statistics: NO_STATISTICS,
  });
  return undefined;
}

/** SET_SERVICE: what the settings leave out goes, a persistence engine too. */
export function editService(
  state: State,
  traits: Traits,
  key: ServiceKey,
  settings: ServiceSettings,
): KernelErrorCode | undefined {
  if (serviceFamily(key) === 'IPv6' && !traits.ipv6) return 'EAFNOSUPPORT';
  const entry = state.services.get(serviceKeyText(key));
  if (entry === undefined) return 'ESRCH';
  const fault = faultOfSettings(traits, settings);
  if (fault !== undefined) return fault;
  entry.settings = settingsAsKept(settings);
  return undefined;
}

export function deleteService(state: State, traits: Traits, key: ServiceKey): KernelErrorCode | undefined {
  const text = serviceKeyText(key);
  if (serviceFamily(key) === 'IPv6' && !traits.ipv6) return 'EAFNOSUPPORT';
  const entry = state.services.get(text);
  if (entry === undefined) return 'ESRCH';
  discardServers(state, entry);
  state.services.delete(text);
  return undefined;
}

/** Everything is checked before anything is changed: a scheduler that is missing leaves the old one in place. */
function faultOfSettings(traits: Traits, settings: ServiceSettings): KernelErrorCode | undefined {
  if (!isNoScheduler(settings.scheduler) && !traits.schedulers.has(settings.scheduler)) return 'ENOENT';
  const engine = persistenceEngine(settings);
  return engine === '' || traits.engines.has(engine) ? undefined : 'ENOENT';
}

/** The kernel's own word for a service without scheduler is a name that it takes as well. */
function isNoScheduler(scheduler: string): boolean {
  return scheduler === '' || scheduler === 'none';
}

function settingsAsKept(settings: ServiceSettings): ServiceSettings {
  return isNoScheduler(settings.scheduler) ? { ...settings, scheduler: '' } : settings;
}
