import type { z } from 'zod';
import { list, mapping, oneOf, pattern, text, wholeNumber } from './fields.js';

/**
 * The status of objects in a cluster: small and bounded, with words for columns and no counters. Files have none; what
 * `kubectl get -o yaml` prints of it is passed over when read from a file.
 */

const MAXIMUM_DIRECTORS = 64;
const generation = () => wholeNumber(0, Number.MAX_SAFE_INTEGER);

const conditions = () =>
  list(
    mapping({
      type: pattern('a type of condition', '^[A-Za-z]+$', 316),
      status: oneOf(['True', 'False', 'Unknown']),
      observedGeneration: generation().optional(),
      lastTransitionTime: text('a time', 1, 64),
      reason: pattern('a reason', '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$', 1024),
      message: text('a message', 0, 32_768),
    }),
    { maximum: 16, keys: ['type'] },
  );

const summary = () =>
  mapping({
    addresses: text('addresses', 0, 1024).optional(),
    ports: text('ports', 0, 1024).optional(),
    protocols: text('protocols', 0, 64).optional(),
    ready: text('a fraction', 0, 32).optional(),
    directors: text('a fraction', 0, 32).optional(),
  });

/** One entry by each node, applied by that node's own field manager. */
const directors = () =>
  list(
    mapping({
      node: text("a node's name", 1, 253),
      observedGeneration: generation().optional(),
      programmed: wholeNumber(0, 2_147_483_647).optional(),
      healthy: wholeNumber(0, 2_147_483_647).optional(),
      total: wholeNumber(0, 2_147_483_647).optional(),
      reason: text('a reason', 0, 1024).optional(),
      message: text('a message', 0, 1024).optional(),
    }),
    { maximum: MAXIMUM_DIRECTORS, keys: ['node'] },
  );

export const virtualServiceStatusSchema: z.ZodType = mapping({
  observedGeneration: generation().optional(),
  conditions: conditions().optional(),
  summary: summary().optional(),
  directors: directors().optional(),
});

export const directorStatusSchema: z.ZodType = mapping({
  observedGeneration: generation().optional(),
  conditions: conditions().optional(),
  directors: directors().optional(),
});
