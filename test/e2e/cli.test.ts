import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockNamespace } from '../../src/adapters/ownership/index.js';
import { run, runWell } from './process.js';
import { openWorkplace, PROGRAM } from './product.js';
import type { Workplace } from './product.js';
import { director, virtualService, yamlStream } from './yaml.js';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));

let workplace: Workplace;

beforeEach(async () => {
  await runWell(['ipvsadm', '-C']);
  workplace = await openWorkplace();
});

afterEach(() => workplace.remove());

async function table(): Promise<readonly string[]> {
  return sortedLines(await runWell(['ipvsadm', '-Sn']));
}

function sortedLines(text: string): readonly string[] {
  return text.trimEnd().split('\n').sort();
}

async function plan(...args: readonly string[]): Promise<number | null> {
  return (await workplace.operator(['plan', '--detailed-exitcode', ...args])).status;
}

/** A service with one address, one port, and one server. */
function service(name: string, address: string, spec: object = {}): object {
  const realServers = [{ address: '192.168.0.1' }];
  return virtualService('shop', name, { addresses: [address], ports: [{ port: 80 }], realServers, ...spec });
}

describe('the examples', () => {
  it('are valid, planned, applied, and then there is nothing to do', async () => {
    expect(await workplace.operator(['validate', '-f', EXAMPLES])).toMatchObject({ status: 0, stderr: '' });
    expect(await plan('-f', EXAMPLES)).toBe(2);
    expect(await table()).toEqual(['']);
    const { status: appliedWith, stderr: warnings } = await workplace.operator(['apply', '-f', EXAMPLES]);
    expect(appliedWith).toBe(0);
    expect(warnings).toMatch(/^(warning: [a-zA-Z ]+ (is|are) for run: [^\n]+\n)+$/);
    const applied = await table();
    expect(applied).toContain('-A -u 192.0.2.53:53 -s rr -o');
    expect(applied).toContain('-a -t [2001:db8::10]:443 -r [2001:db8:1::1]:8443 -m -w 3');
    expect(applied).toContain('-a -t 192.0.2.80:3128 -r 203.0.113.81:3128 -i -w 1 --tun-type gre --tun-csum');
    expect(await plan('-f', EXAMPLES)).toBe(0);
    const { status, stdout } = await workplace.operator(['get', '-o', 'ipvsadm']);
    expect({ status, lines: sortedLines(stdout) }).toEqual({ status: 0, lines: applied });
  });

  it('of a director with sync daemons and timeouts', async () => {
    await runWell(['ip', 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0-peer']);
    await runWell(['ip', 'link', 'set', 'eth0', 'up']);
    const file = `${EXAMPLES}/more/sync-daemon.yaml`;
    expect(await workplace.operator(['apply', '-f', file])).toMatchObject({ status: 0, stderr: '' });
    expect(await runWell(['ipvsadm', '-L', '--daemon'])).toMatch(
      /master sync daemon .*eth0.*51[^]*backup sync daemon .*eth0.*51/,
    );
    expect(await runWell(['ipvsadm', '-L', '--timeout'])).toContain('1800 ');
    expect(await plan('-f', file)).toBe(0);
    await runWell(['ipvsadm', '--stop-daemon', 'backup']);
    expect(await plan('-f', file)).toBe(2);
    expect(await workplace.operator(['apply', '-f', file])).toMatchObject({ status: 0, stderr: '' });
    expect(await runWell(['ipvsadm', '-L', '--daemon'])).toMatch(/backup sync daemon/);
    await runWell(['ipvsadm', '--stop-daemon', 'backup']);
    await runWell(['ipvsadm', '--stop-daemon', 'master']);
    await runWell(['ip', 'link', 'del', 'eth0']);
  });

  it('of a director with exclusive addresses removes what nobody declares there', async () => {
    await runWell(['ipvsadm', '-A', '-t', '192.0.2.99:80']);
    await runWell(['ipvsadm', '-A', '-t', '203.0.113.99:80']);
    const file = `${EXAMPLES}/more/exclusive.yaml`;
    expect(await workplace.operator(['apply', '-f', file])).toMatchObject({ status: 0, stderr: '' });
    expect(await table()).toEqual(['-A -t 203.0.113.99:80 -s wlc']);
  });
});

describe('drift made by another tool', () => {
  it('is seen by plan and repaired by apply, and what is foreign stays', async () => {
    await workplace.apply(yamlStream([service('web', '10.0.0.1'), service('mail', '10.0.0.2')]));
    const declared = await table();
    await runWell(['ipvsadm', '-A', '-t', '10.0.0.3:80', '-s', 'rr']);
    expect(await plan('-f', 'declared.yaml')).toBe(0);
    await runWell(['ipvsadm', '-D', '-t', '10.0.0.1:80']);
    await runWell(['ipvsadm', '-E', '-t', '10.0.0.2:80', '-s', 'rr', '-p', '60']);
    await runWell(['ipvsadm', '-a', '-t', '10.0.0.2:80', '-r', '192.168.0.9:80', '-m']);
    await runWell(['ipvsadm', '-e', '-t', '10.0.0.2:80', '-r', '192.168.0.1:80', '-g', '-w', '7']);
    const drifted = await table();
    expect(await plan('-f', 'declared.yaml')).toBe(2);
    expect(await table()).toEqual(drifted);
    await workplace.apply(yamlStream([service('web', '10.0.0.1'), service('mail', '10.0.0.2')]));
    expect(await table()).toEqual([...declared, '-A -t 10.0.0.3:80 -s rr'].sort());
  });

  it('of a director is repaired too', async () => {
    const edge = director('edge', { timeouts: { udpSeconds: 77 }, sysctls: { expire_nodest_conn: '1' } });
    await workplace.apply(yamlStream([edge]));
    expect(await readFile('/proc/sys/net/ipv4/vs/expire_nodest_conn', 'utf8')).toBe('1\n');
    await runWell(['ipvsadm', '--set', '0', '0', '33']);
    expect(await plan('-f', 'declared.yaml')).toBe(2);
    await workplace.apply(yamlStream([edge]));
    expect(await runWell(['ipvsadm', '-L', '--timeout'])).toMatch(/ 77\n/);
  });
});

describe('what is refused', () => {
  it('a broken file among good ones: it is named by place, and nothing is written', async () => {
    await workplace.apply(yamlStream([service('web', '10.0.0.1')]));
    const before = await table();
    await workplace.write('web.yaml', yamlStream([service('web', '10.0.0.2')]));
    await workplace.write('broken.yaml', yamlStream([service('bad', '10.0.0.3', { sheduler: 'rr' })]));
    const { status, stdout, stderr } = await workplace.operator(['apply', '-f', 'web.yaml', '-f', 'broken.yaml']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/broken\.yaml:\d+:\d+: spec\.sheduler: .*scheduler/);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(await table()).toEqual(before);
  });

  it('a folder that vanished: nothing is removed', async () => {
    await workplace.apply(yamlStream([service('web', '10.0.0.1')]));
    const before = await table();
    expect((await workplace.operator(['apply', '-f', 'gone', '--prune', '--allow-empty'])).status).toBe(1);
    expect(await table()).toEqual(before);
  });

  it('two objects that claim one service: both are named', async () => {
    await workplace.write('twice.yaml', yamlStream([service('one', '10.0.0.1'), service('two', '10.0.0.1')]));
    const { status, stderr } = await workplace.operator(['apply', '-f', 'twice.yaml']);
    expect(status).toBe(1);
    expect(stderr).toContain('shop/one');
    expect(stderr).toContain('shop/two');
    expect(await table()).toEqual(['']);
  });

  it('a service of someone else, until it is adopted', async () => {
    await runWell(['ipvsadm', '-A', '-t', '10.0.0.1:80', '-s', 'rr']);
    await workplace.write('both.yaml', yamlStream([service('web', '10.0.0.1'), service('mail', '10.0.0.2')]));
    const refused = await workplace.operator(['apply', '-f', 'both.yaml']);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('TCP 10.0.0.1:80');
    const mail = ['-A -t 10.0.0.2:80 -s wlc', '-a -t 10.0.0.2:80 -r 192.168.0.1:80 -m -w 1'];
    expect(await table()).toEqual(['-A -t 10.0.0.1:80 -s rr', ...mail]);
    expect((await workplace.operator(['apply', '-f', 'both.yaml', '--adopt'])).status).toBe(0);
    const web = ['-A -t 10.0.0.1:80 -s wlc', '-a -t 10.0.0.1:80 -r 192.168.0.1:80 -m -w 1'];
    expect(await table()).toEqual([...web, ...mail].sort());
    expect(await plan('-f', 'both.yaml')).toBe(0);
  });

  it('a scheduler that the kernel lacks: that service alone fails', async () => {
    const documents = [service('web', '10.0.0.1', { scheduler: 'nosuch' }), service('mail', '10.0.0.2')];
    await workplace.write('web.yaml', yamlStream(documents));
    const { status, stderr } = await workplace.operator(['apply', '-f', 'web.yaml']);
    expect(status).toBe(1);
    expect(stderr).toContain('the kernel has no scheduler nosuch');
    expect(stderr).toContain('modprobe ip_vs_nosuch');
    expect(await table()).toEqual(['-A -t 10.0.0.2:80 -s wlc', '-a -t 10.0.0.2:80 -r 192.168.0.1:80 -m -w 1']);
  });

  it('an apply beside another writer: it says who owns the table', async () => {
    const outcome = await lockNamespace({ role: 'run' });
    if (outcome.kind === 'Held') throw new Error('the lock was taken already');
    await workplace.write('web.yaml', yamlStream([service('web', '10.0.0.1')]));
    const { status, stderr } = await workplace.operator(['apply', '-f', 'web.yaml']);
    await outcome.lock.release();
    expect(status).toBe(1);
    expect(stderr).toContain(`ipvs-operator run (pid ${process.pid}`);
    expect(await table()).toEqual(['']);
    expect((await workplace.operator(['apply', '-f', 'web.yaml'])).status).toBe(0);
  });

  it('anyone but root', async () => {
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    for (const command of [['get'], ['export']]) {
      const { status, stderr } = await run([...nobody, process.execPath, PROGRAM, ...command]);
      expect({ command, status }).toEqual({ command, status: 1 });
      expect(stderr).toContain('CAP_NET_ADMIN');
      expect(stderr).not.toMatch(/\n {4}at /);
    }
  });
});

describe('removal', () => {
  it('of a port goes without asking, of an object only with --prune, and only within its set', async () => {
    const web = (ports: readonly number[]) =>
      service('web', '10.0.0.1', { ports: ports.map((port) => ({ name: `p${port}`, port })) });
    await workplace.apply(yamlStream([service('other', '10.0.9.9')]), '--set', 'others');
    await workplace.apply(yamlStream([web([80, 443]), service('mail', '10.0.0.2')]));
    await workplace.apply(yamlStream([web([80])]));
    const keys = async () => (await table()).filter((line) => line.startsWith('-A')).map((line) => line.split(' ')[2]);
    expect(await keys()).toEqual(['10.0.0.1:80', '10.0.0.2:80', '10.0.9.9:80']);
    await workplace.apply(yamlStream([web([80])]), '--prune');
    expect(await keys()).toEqual(['10.0.0.1:80', '10.0.9.9:80']);
  });

  it('of a whole set is held back without --allow-empty', async () => {
    await workplace.apply(yamlStream([service('web', '10.0.0.1')]));
    await workplace.write('nothing.yaml', yamlStream([director('edge', {})]));
    const { status, stderr } = await workplace.operator(['apply', '-f', 'nothing.yaml', '--prune']);
    expect(status).toBe(1);
    expect(stderr).toContain('--allow-empty');
    expect(await table()).toHaveLength(2);
    expect((await workplace.operator(['apply', '-f', 'nothing.yaml', '--prune', '--allow-empty'])).status).toBe(0);
    expect(await table()).toEqual(['']);
  });

  it('of most services is held back without --max-removals', async () => {
    const documents = Array.from({ length: 14 }, (_, i) => service(`web-${i}`, `10.0.0.${i + 1}`));
    await workplace.apply(yamlStream(documents));
    await workplace.write('few.yaml', yamlStream(documents.slice(0, 2)));
    const { status, stderr } = await workplace.operator(['apply', '-f', 'few.yaml', '--prune']);
    expect(status).toBe(1);
    expect(stderr).toContain('--max-removals 12');
    expect(await table()).toHaveLength(28);
    expect((await workplace.operator(['apply', '-f', 'few.yaml', '--prune', '--max-removals', '12'])).status).toBe(0);
    expect(await table()).toHaveLength(4);
  });
});

describe('taking over a host', () => {
  it('by export and apply --adopt changes nothing in the kernel', async () => {
    const saved = [
      '-A -t 10.0.0.1:80 -s mh -p 300 -M 255.255.255.0 -b mh-port',
      '-a -t 10.0.0.1:80 -r 192.168.0.1:80 -g -w 3',
      '-a -t 10.0.0.1:80 -r 192.168.0.2:80 -i -w 0 --tun-type gue --tun-port 6080 --tun-remcsum',
      '-a -t 10.0.0.1:80 -r 192.168.0.3:80 -m -w 1 -x 100 -y 80',
      '-A -u [fd00::1]:53 -s rr -o',
      '-a -u [fd00::1]:53 -r [fd02::1]:5353 -m -w 1',
      '-a -u [fd00::1]:53 -r [fd02::2]:5300 -m -w 2',
      '-A -t [fd00::1]:0 -s sed -p 60 -M 64',
      '-a -t [fd00::1]:0 -r [fd02::1]:0 -g -w 1',
      '-A --sctp-service 10.0.0.1:80 -s nq',
      '-A -f 7 -s lc',
      '-a -f 7 -r 192.168.0.1:0 -m -w 1',
      '-A -f 7 -6 -s wlc',
    ];
    await runWell(['ipvsadm', '-R'], { stdin: saved.join('\n') });
    const before = await runWell(['ipvsadm', '-Sn']);
    const exported = await workplace.operator(['export']);
    expect(exported).toMatchObject({ status: 0, stderr: '' });
    await workplace.apply(exported.stdout, '--adopt');
    expect(await runWell(['ipvsadm', '-Sn'])).toBe(before);
    expect(await plan('-f', 'declared.yaml')).toBe(0);
  });

  it('export names what objects cannot say, and exits 1', async () => {
    await runWell(['ipvsadm', '-A', '-t', '10.0.0.1:80', '-s', 'rr', '-p', '60', '-M', '255.0.255.0']);
    const { status, stderr } = await workplace.operator(['export']);
    expect(status).toBe(1);
    expect(stderr).toContain('255.0.255.0');
  });
});

describe('get', () => {
  it('shows the services of one object, with its name', async () => {
    await workplace.apply(yamlStream([service('web', '10.0.0.1'), service('mail', '10.0.0.2')]));
    const { status, stdout } = await workplace.operator(['get', 'shop/web', '-o', 'json']);
    expect(status).toBe(0);
    const { services } = JSON.parse(stdout) as { services: readonly { key: string; object: string }[] };
    expect(services.map(({ key, object }) => [key, object])).toEqual([['TCP 10.0.0.1:80', 'shop/web']]);
  });

  it('prints a table that a person can read', async () => {
    await workplace.apply(yamlStream([service('web', '10.0.0.1')]));
    const { status, stdout } = await workplace.operator(['get']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/10\.0\.0\.1:80 .*\n.*192\.168\.0\.1:80/);
  });
});
