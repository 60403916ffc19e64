import { check } from './checks/index.js';
import { list, mapping, oneOf } from './fields.js';
import { DEFAULT_INITIAL_STATE, DEFAULT_ON_FAILURE, MAXIMUM_CHECKS } from './limits.js';

export const health = () =>
  mapping({
    initialState: oneOf(['Passing', 'Failing'])
      .describe('What a server is until its first verdict.')
      .default(DEFAULT_INITIAL_STATE),
    onFailure: oneOf(['Remove', 'ZeroWeight'])
      .describe('What becomes of a server that fails: it goes, or keeps its connections with weight 0.')
      .default(DEFAULT_ON_FAILURE),
    checks: list(check(), { minimum: 1, maximum: MAXIMUM_CHECKS, keys: ['name'] }).describe(
      'The checks; all must pass.',
    ),
  });
