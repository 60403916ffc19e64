import { areChecks } from '../model/index.js';

/** `VirtualService shop/web` as `shop/web`; `web` in the namespace `default`; `web (checks)` for what leads its checks. */
export function shortObjectName(object: string): string {
  const name = object.slice(object.indexOf(' ') + 1);
  const short = name.startsWith('default/') ? name.slice('default/'.length) : name;
  return areChecks(object) ? `${short} (checks)` : short;
}

/** `VirtualService shop/web` as kubectl would write it: `virtualservice/shop/web`; `virtualservice/web` by default. */
export function resourceName(object: string): string {
  return `${object.slice(0, object.indexOf(' ')).toLowerCase()}/${shortObjectName(object)}`;
}
