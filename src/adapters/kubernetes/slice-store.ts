import { readEndpointSlice } from '../../desired/index.js';
import type { EndpointSlice } from '../../desired/index.js';
import type { KubeObject } from './kube-object.js';

/** All endpoint slices of the cluster, as far as they matter, by the Service that they belong to. */
export class SliceStore {
  /** By the slice's `namespace/name`. */
  readonly #slices = new Map<string, EndpointSlice>();
  /** By the Service's `namespace/name`. */
  readonly #byService = new Map<string, Map<string, EndpointSlice>>();

  /** The slices of a Service, in no order. */
  of(service: string): readonly EndpointSlice[] {
    return [...(this.#byService.get(service)?.values() ?? [])];
  }

  /** Takes in a new state of a slice; gives the Services whose servers may be others now. */
  upsert(key: string, object: KubeObject): readonly string[] {
    const before = this.remove(key);
    const slice = readEndpointSlice(object);
    if (slice === undefined) return before;
    const service = serviceOf(slice);
    this.#slices.set(key, slice);
    const siblings = this.#byService.get(service) ?? new Map<string, EndpointSlice>();
    this.#byService.set(service, siblings.set(key, slice));
    return [...before, service];
  }

  remove(key: string): readonly string[] {
    const slice = this.#slices.get(key);
    if (slice === undefined) return [];
    this.#slices.delete(key);
    const service = serviceOf(slice);
    const siblings = this.#byService.get(service);
    siblings?.delete(key);
    if (siblings?.size === 0) this.#byService.delete(service);
    return [service];
  }
}

function serviceOf({ namespace, serviceName }: EndpointSlice): string {
  return `${namespace}/${serviceName}`;
}
