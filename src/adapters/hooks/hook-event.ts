import type { ControllerEvent } from '../../reconcile/index.js';

/** One event as hooks are told it; docs/health.md documents it for those who write them. */
export interface HookEvent {
  /** ISO 8601. */
  readonly time: string;
  readonly event:
    | 'ServerDown'
    | 'ServerUp'
    | 'QuorumLost'
    | 'QuorumBack'
    | 'SorryServersIn'
    | 'SorryServersOut'
    | 'DrainBegan'
    | 'DrainEnded'
    | 'DrainCancelled';
  /** `VirtualService shop/web`. */
  readonly object: string;
  /** `TCP 10.0.0.1:80`. */
  readonly service: string;
  /** `192.168.0.1:80`; absent where it is about the service as a whole. */
  readonly server?: string;
  readonly reason?: string;
}

/** What of an event of the controller hooks are told. */
export function hookEventsOf(event: ControllerEvent, now: Date): readonly HookEvent[] {
  const time = now.toISOString();
  switch (event.kind) {
    case 'ServersChanged':
      return event.changes.map(({ service, object, server, isPassing, cause }): HookEvent => {
        const common = { time, event: isPassing ? 'ServerUp' : 'ServerDown', object, service, server } as const;
        return cause === null ? common : { ...common, reason: [cause.code, cause.message].filter(Boolean).join(' ') };
      });
    case 'QuorumChanged': {
      const { object, service, holds } = event;
      return [{ time, event: holds ? 'QuorumBack' : 'QuorumLost', object, service }];
    }
    case 'SorryServers': {
      const { object, service, areInUse } = event;
      return [{ time, event: areInUse ? 'SorryServersIn' : 'SorryServersOut', object, service }];
    }
    case 'DrainsChanged':
      return event.changes.map(({ object, service, server, step }) => ({
        ...{ time, object, service },
        ...DRAIN_STEPS[step],
        ...(server === null ? {} : { server }),
      }));
    default:
      return [];
  }
}

type DrainStep = (ControllerEvent & { readonly kind: 'DrainsChanged' })['changes'][number]['step'];

const DRAIN_STEPS: Readonly<Record<DrainStep, Pick<HookEvent, 'event' | 'reason'>>> = {
  Began: { event: 'DrainBegan' },
  ConnectionsEnded: { event: 'DrainEnded', reason: 'its connections have ended' },
  TimeIsUp: { event: 'DrainEnded', reason: 'its time is up' },
  Cancelled: { event: 'DrainCancelled', reason: 'it is declared again' },
};
