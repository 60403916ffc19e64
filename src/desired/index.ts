/**
 * Floor 1. Documents → model: the schema and its defaults, the rules between fields, the expansion to kernel services,
 * conflicts between objects; and back, from a table to documents. What is wrong with a document is returned as issues.
 * Nothing here reads a file, knows a kernel, or throws because of what somebody wrote.
 */
export type {
  DeclaredDirector,
  DeclaredDocument,
  DeclaredVirtualService,
  DirectorDocument,
  DocumentSource,
  VirtualServiceDocument,
} from './declared.js';
export { deriveWanted } from './derive/index.js';
export type { DeriveResult } from './derive/index.js';
export type { Notice, NoticeFeature } from './derive/notices.js';
export { readEndpointSlice, withFoundServers } from './endpoints/index.js';
export type { EndpointSlice } from './endpoints/index.js';
export { DesiredIndex } from './live/index.js';
export type { Claim, ObjectStanding, UnitChange } from './live/index.js';
export { DocumentReader, readDocuments } from './read.js';
export type { ReadOptions, ReadResult } from './read.js';
export { readObject } from './read-object.js';
export { rereadDocuments } from './reread.js';
export { renderDocuments } from './render/index.js';
export type { RenderedDocuments, Unsayable } from './render/index.js';
export { restoreDocument, restoreSurroundings, storeDocument, storeSurroundings } from './stored.js';
export type { NodeLabels, Surroundings } from './surroundings.js';
