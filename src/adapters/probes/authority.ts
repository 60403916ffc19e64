import type { Target } from '../../health/index.js';

/** How a server is called in a request, and which name its certificate has to have. */
export interface Authority {
  readonly authority: string;
  readonly name: string;
}

/** By its host, which may come with a port; where none is said, by its address. */
export function authorityOf({ address, port }: Target, host: string | null, usualPort: number): Authority {
  if (host !== null) return { authority: host, name: host.replace(/:[0-9]+$/, '') };
  const place = address.includes(':') ? `[${address}]` : address;
  return { authority: port === usualPort ? place : `${place}:${port}`, name: address };
}
