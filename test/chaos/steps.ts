import type { Service } from './services.js';

/** What happens in a round, one after the other. All of it is chosen before the first one happens. */
export type Step =
  | { readonly kind: 'Pause'; readonly milliseconds: number }
  /** A file is written or an object applied, new or not. */
  | { readonly kind: 'Declare'; readonly service: Service; readonly how: WritingOfFiles }
  | { readonly kind: 'Withdraw'; readonly service: Service }
  /** The file has a part of its text for so long, then all of it. */
  | {
      readonly kind: 'HalfWrite';
      readonly service: Service;
      readonly share: number;
      readonly milliseconds: number;
    }
  | { readonly kind: 'LoseFile'; readonly service: Service; readonly milliseconds: number }
  | { readonly kind: 'LoseFolder'; readonly milliseconds: number }
  /** kill -9, and a start so much later. */
  | { readonly kind: 'KillController'; readonly milliseconds: number }
  /** kill -9, the kept state damaged, and a start. */
  | { readonly kind: 'DamageCache'; readonly damage: Damage }
  /** Until the end of the round. */
  | { readonly kind: 'KillApiServer' }
  | { readonly kind: 'FreezeApiServer' }
  /** Somebody else's ipvsadm at a service of ours. */
  | { readonly kind: 'Meddle'; readonly service: Service; readonly line: string; readonly harm: Harm }
  /** A service of somebody else. */
  | { readonly kind: 'AddForeign'; readonly lines: readonly string[] }
  | { readonly kind: 'RemoveForeign'; readonly lines: readonly string[] }
  /** Everything in the table goes, what is foreign for good. */
  | { readonly kind: 'Flush' }
  /** The clock is so far from the right time from now on. */
  | { readonly kind: 'SetClock'; readonly offsetSeconds: number };

export type StepKind = Step['kind'];

/** In place, or beside it and renamed. */
export type WritingOfFiles = 'InPlace' | 'Renamed';
export type Damage = 'Cut' | 'Overwritten' | 'Emptied' | 'Deleted';
/** Whether a service may be without servers after it, until it is repaired. */
export type Harm = 'Gap' | 'NoGap';
