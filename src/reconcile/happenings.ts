import type { ControllerEvent } from './controller-types.js';
import type { DrainChange } from './health/index.js';

/** What can become of servers and services. Hooks and the Events of a cluster are told in these words: people match them. */
export type HappeningName =
  | 'ServerDown'
  | 'ServerUp'
  | 'QuorumLost'
  | 'QuorumRegained'
  | 'SorryServersInUse'
  | 'SorryServersReleased'
  | 'DrainBegan'
  | 'DrainEnded'
  | 'DrainCancelled';

export interface Happening {
  readonly name: HappeningName;
  /** `VirtualService shop/web`. */
  readonly object: string;
  /** `TCP 10.0.0.1:80`. */
  readonly service: string;
  /** `192.168.0.1:80`; absent where it is about the service as a whole. */
  readonly server?: string;
  readonly reason?: string;
}

/** What became of servers and services, of all that an event tells. */
export function happeningsOf(event: ControllerEvent): readonly Happening[] {
  switch (event.kind) {
    case 'ServersChanged':
      return event.changes.map(({ service, object, server, isPassing, cause }): Happening => {
        const common = { name: isPassing ? 'ServerUp' : 'ServerDown', object, service, server } as const;
        return cause === null ? common : { ...common, reason: [cause.code, cause.message].filter(Boolean).join(' ') };
      });
    case 'QuorumChanged': {
      const { object, service, holds } = event;
      return [{ name: holds ? 'QuorumRegained' : 'QuorumLost', object, service }];
    }
    case 'SorryServers': {
      const { object, service, areInUse } = event;
      return [{ name: areInUse ? 'SorryServersInUse' : 'SorryServersReleased', object, service }];
    }
    case 'DrainsChanged':
      return event.changes.map(({ object, service, server, step }) => ({
        ...DRAIN_STEPS[step],
        ...{ object, service },
        ...(server === null ? {} : { server }),
      }));
    default:
      return [];
  }
}

const DRAIN_STEPS: Readonly<Record<DrainChange['step'], Pick<Happening, 'name' | 'reason'>>> = {
  Began: { name: 'DrainBegan' },
  ConnectionsEnded: { name: 'DrainEnded', reason: 'its connections have ended' },
  TimeIsUp: { name: 'DrainEnded', reason: 'its time is up' },
  Cancelled: { name: 'DrainCancelled', reason: 'it is declared again' },
  TakenOut: { name: 'DrainBegan', reason: 'a person took it out' },
  LetIn: { name: 'DrainCancelled', reason: 'a person let it in again' },
};
