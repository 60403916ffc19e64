import { serviceKeyText } from '../../src/model/index.js';
import type {
  KernelService,
  RealServer,
  ServiceKey,
  ServiceSettings,
  WantedDirector,
  WantedService,
  WantedState,
} from '../../src/model/index.js';
import { NO_CLAIMS } from '../../src/model/index.js';
import { makeServer, PLAIN_SETTINGS } from '../samples.js';
import type { ObservedState, Owner, Plan, PlanInput, PlanOptions } from '../../src/plan/index.js';

/** Short ways to write states in tests; what is not said is ordinary. */
export function server(address: string, fields: Partial<RealServer> = {}): RealServer {
  return makeServer({ address, ...fields });
}

export function tcp(address: string, port = 80): ServiceKey {
  return { protocol: 'TCP', address, port };
}

export function service(
  key: ServiceKey,
  servers: readonly RealServer[] = [],
  settings: Partial<ServiceSettings> = {},
): KernelService {
  return { key, settings: { ...PLAIN_SETTINGS, ...settings }, servers };
}

export const WEB = 'VirtualService shop/web';

export function wantedService(kernelService: KernelService, object = WEB): WantedService {
  return { ...kernelService, object };
}

export function wanted(services: readonly WantedService[] = [], fields: Partial<WantedState> = {}): WantedState {
  const director = fields.director ?? null;
  return {
    services: new Map(services.map((entry) => [serviceKeyText(entry.key), entry])),
    suspended: new Map(),
    objects: new Set([...services.map(({ object }) => object), ...(director === null ? [] : [director.object])]),
    director,
    ...fields,
  };
}

export function director(fields: Partial<WantedDirector> = {}): WantedDirector {
  return {
    object: 'Director edge',
    timeouts: {},
    daemons: [],
    sysctls: {},
    adopt: false,
    exclusive: NO_CLAIMS,
    ...fields,
  };
}

export function observed(services: readonly KernelService[] = [], fields: Partial<ObservedState> = {}): ObservedState {
  return {
    services: new Map(services.map((entry) => [serviceKeyText(entry.key), entry])),
    timeouts: null,
    daemons: null,
    sysctls: null,
    ...fields,
  };
}

export function owned(
  services: readonly { readonly key: ServiceKey }[],
  owner: Partial<Owner> = {},
): Map<string, Owner> {
  return new Map(services.map(({ key }) => [serviceKeyText(key), { object: WEB, set: 'default', ...owner }]));
}

export function planInput(
  fields: Partial<Omit<PlanInput, 'options'>> & { readonly options?: Partial<PlanOptions> },
): PlanInput {
  return {
    wanted: wanted(),
    observed: observed(),
    owned: new Map(),
    ...fields,
    options: { set: 'default', ...fields.options },
  };
}

/** The plan where there is nothing to do, and nothing to say. */
export const NOTHING_TO_DO: Plan = {
  changes: [],
  adoptions: [],
  orphans: [],
  departures: [],
  stale: [],
  confirmed: [],
  problems: [],
};
