import type { z } from 'zod';
import type { IssueReason } from '../errors/index.js';
import type { directorSchema } from './schema/director.js';
import type { virtualServiceSchema } from './schema/virtual-service.js';

type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;

/** A VirtualService as a person writes it: what has a default may be absent, and stays so. */
export type VirtualServiceDocument = Immutable<z.input<typeof virtualServiceSchema>>;
export type DirectorDocument = Immutable<z.input<typeof directorSchema>>;

export type VirtualServiceSpec = VirtualServiceDocument['spec'];
export type DirectorSpec = DirectorDocument['spec'];
export type DeclaredRealServer = NonNullable<VirtualServiceSpec['realServers']>[number];
export type DeclaredForwarding = NonNullable<VirtualServiceSpec['forwarding']>;
export type DeclaredCheck = NonNullable<VirtualServiceSpec['health']>['checks'][number];
export type LabelSelector = NonNullable<VirtualServiceSpec['nodeSelector']>;

/** One object that somebody declared, checked against the schema and the rules between its fields. */
export type DeclaredDocument = DeclaredVirtualService | DeclaredDirector;

export interface DeclaredVirtualService extends DeclaredObject {
  readonly kind: 'VirtualService';
  readonly namespace: string;
  readonly value: VirtualServiceDocument;
  /** What its `realServersFrom` find now; absent where nobody looks. */
  readonly found?: FoundServers;
}

/** Servers from elsewhere than the object itself. */
export interface FoundServers {
  /** In a fixed order. */
  readonly servers: readonly FoundServer[];
  /** What cannot be found. The object applies without it. */
  readonly faults: readonly { readonly path: Path; readonly reason: IssueReason; readonly message: string }[];
  /** Set where they are known from before the host was started anew alone. */
  readonly isOfEarlierBoot?: true;
}

export interface FoundServer {
  readonly address: string;
  /** One for each of the object's ports: where the server has that port, `null` where it has none. By mark one, 0. */
  readonly ports: readonly (number | null)[];
  /** It ends, and keeps the connections that it has. */
  readonly isDraining: boolean;
  /** Which of the object's `realServersFrom` found it. */
  readonly from: number;
}

export interface DeclaredDirector extends DeclaredObject {
  readonly kind: 'Director';
  readonly value: DirectorDocument;
}

interface DeclaredObject {
  /** `VirtualService shop/web`, `Director edge`. */
  readonly object: string;
  readonly name: string;
  /** Where it was read; absent for an object that a program made. */
  readonly source?: DocumentSource;
}

/** Where a document stands. Lines are counted when somebody asks for them: most documents have no fault. */
export interface DocumentSource {
  readonly file: string;
  /** The whole file; empty where it is not known any more, and then what follows means nothing. */
  readonly text: string;
  /** Offsets of the part of the text that was parsed as one piece. */
  readonly start: number;
  readonly end: number;
  /** Which of the part's YAML documents it is. */
  readonly index: number;
  /** Where in the YAML document the object is: `['items', 3]` in a List, else empty. */
  readonly root: Path;
}

export type Path = readonly (string | number)[];
