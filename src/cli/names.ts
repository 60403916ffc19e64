/** `VirtualService shop/web` as `shop/web`; `web` in the namespace `default`. */
export function shortObjectName(object: string): string {
  const name = object.slice(object.indexOf(' ') + 1);
  return name.startsWith('default/') ? name.slice('default/'.length) : name;
}

/** `VirtualService shop/web` as kubectl would write it: `virtualservice/shop/web`; `virtualservice/web` by default. */
export function resourceName(object: string): string {
  return `${object.slice(0, object.indexOf(' ')).toLowerCase()}/${shortObjectName(object)}`;
}
