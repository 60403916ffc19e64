import { describe, expect, it } from 'vitest';
import { KernelError, UnsupportedError, UserError } from '../../src/errors/index.js';
import type { KernelErrorCode } from '../../src/errors/index.js';
import { describeError, describeFailure, issueLine } from '../../src/cli/problems.js';
import { server, service, tcp } from './table.js';

function kernelError(code: KernelErrorCode): KernelError {
  return new KernelError({ code, errno: 1, operation: 'read the table', detail: 'the detail' });
}

describe('errors', () => {
  it.each([
    ['no permission', kernelError('EPERM'), 'not permitted to use IPVS (read the table)', 'CAP_NET_ADMIN'],
    ['no module', kernelError('NOIPVS'), 'the kernel module ip_vs is not loaded', 'modprobe ip_vs'],
    ['a hint', new UserError('wrong', { hint: 'do it right' }), 'wrong', 'do it right'],
  ])('of %s say what to do', (_, error, message, hint) => {
    const problem = describeError(error);
    expect(problem.message).toBe(message);
    expect(problem.hint).toContain(hint);
  });

  it.each([
    [kernelError('EBUSY'), 'read the table: the detail'],
    [new UserError('wrong'), 'wrong'],
    [new UnsupportedError('GRE tunnels', { minimumKernel: '5.3' }), 'GRE tunnels'],
  ])('of other kinds say what they know: %#', (error, message) => {
    expect(describeError(error).message).toContain(message);
    expect(describeError(error).hint).toBeUndefined();
  });

  it.each([
    ['an error', new TypeError('x is undefined'), 'internal error: x is undefined'],
    ['anything', 'nonsense', 'internal error: nonsense'],
  ])('that are bugs say so, and how to report them: %s', (_, error, message) => {
    const problem = describeError(error);
    expect(problem.message).toBe(message);
    expect(problem.hint).toContain('report');
    expect(problem.hint).toContain('IPVS_OPERATOR_DEBUG=1');
  });
});

describe('failures of operations', () => {
  const persistence = { timeoutSeconds: 300, netmask: '255.255.255.255', engine: 'sip' };

  it('name the modules of what may be missing', () => {
    const { settings } = service(tcp('10.0.0.1', 80), { scheduler: 'mh', persistence });
    const failure = describeFailure({ kind: 'EditService', key: tcp('10.0.0.1', 80), settings }, kernelError('ENOENT'));
    expect(failure.message).toBe('the kernel has no scheduler mh or no persistence engine sip');
    expect(failure.hint).toContain('modprobe ip_vs_mh ip_vs_pe_sip');
  });

  it('are left in the words of the kernel where nothing better is known', () => {
    const operation = { kind: 'AddServer', key: tcp('10.0.0.1', 80), server: server('10.0.0.2', 80) } as const;
    expect(describeFailure(operation, kernelError('EINVAL'))).toEqual({ message: 'read the table: the detail' });
  });
});

describe('an issue', () => {
  const issue = { path: 'spec.ports', reason: 'Missing', message: 'expected a list' } as const;

  it.each([
    [3, 5, 'a.yaml:3:5: spec.ports: expected a list'],
    [3, 0, 'a.yaml:3: spec.ports: expected a list'],
    [0, 0, 'a.yaml: spec.ports: expected a list'],
  ])('at line %i, column %i has its place first', (line, column, text) => {
    expect(issueLine({ ...issue, location: { file: 'a.yaml', line, column } })).toBe(text);
  });

  it('without a place or a path is its message', () => {
    expect(issueLine({ ...issue, path: '' })).toBe('expected a list');
  });
});
