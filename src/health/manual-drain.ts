import type { RealServerKey } from '../model/index.js';

/** A server that a person takes out, until told otherwise. */
export interface ManualDrain {
  readonly address: string;
  /** `null`: every port. */
  readonly port: number | null;
  /** A service's key text or an object's name; `null`: everywhere. */
  readonly service: string | null;
}

export function isDrained(
  drains: readonly ManualDrain[],
  server: RealServerKey,
  service: { readonly key: string; readonly object: string },
): boolean {
  return drains.some(
    (drain) =>
      drain.address === server.address &&
      (drain.port === null || drain.port === server.port) &&
      (drain.service === null || drain.service === service.key || drain.service === service.object),
  );
}

/** Whether all that the one takes out is taken out by the other. */
export function coversDrain(wide: ManualDrain, narrow: ManualDrain): boolean {
  return (
    wide.address === narrow.address &&
    (wide.port === null || wide.port === narrow.port) &&
    (wide.service === null || wide.service === narrow.service)
  );
}
