import type { Answer, Routes } from '../../adapters/http/index.js';
import { UserError } from '../../errors/index.js';
import type { ManualDrain } from '../../health/index.js';
import { isCanonicalAddress } from '../../model/index.js';
import type { Controller } from '../../reconcile/index.js';
import { DRAIN_PATH, UNDRAIN_PATH } from './control-paths.js';

/** What is answered to a drain: the services that have the server now. */
export interface DrainAnswer {
  readonly services: readonly string[];
}

/** What is answered to the end of drains: how many, and the services whose real servers they may have been. */
export interface UndrainAnswer {
  readonly count: number;
  readonly services: readonly string[];
}

/** A drain as a query, and back. */
export function drainQuery({ address, port, service }: ManualDrain): string {
  const fields = {
    address,
    ...(port === null ? {} : { port: String(port) }),
    ...(service === null ? {} : { service }),
  };
  return new URLSearchParams(fields).toString();
}

/** Servers are taken out of service, and let in again. */
export function drainRoutes(controller: Controller): Routes {
  return {
    [`POST ${DRAIN_PATH}`]: (query) =>
      answerTo(query, async (drain): Promise<DrainAnswer> => ({ services: await controller.drain(drain) })),
    [`POST ${UNDRAIN_PATH}`]: (query) =>
      answerTo(query, (pattern): Promise<UndrainAnswer> => controller.undrain(pattern)),
  };
}

async function answerTo(query: URLSearchParams, act: (drain: ManualDrain) => Promise<object>): Promise<Answer> {
  const drain = parseDrain(query);
  if (drain === undefined) return { status: 400, contentType: 'text/plain', body: 'an address is missing or wrong\n' };
  try {
    return { status: 200, contentType: 'application/json', body: JSON.stringify(await act(drain)) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { status: 500, contentType: 'text/plain', body: `${error.message}\n` };
  }
}

function parseDrain(query: URLSearchParams): ManualDrain | undefined {
  const address = query.get('address') ?? '';
  const port = query.get('port');
  const isGood = isCanonicalAddress(address) && (port === null || /^[0-9]{1,5}$/.test(port));
  return isGood ? { address, port: port === null ? null : Number(port), service: query.get('service') } : undefined;
}
