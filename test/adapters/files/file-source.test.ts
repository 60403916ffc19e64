import { rmSync, writeFileSync } from 'node:fs';
import { appendFile, chmod, mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { manifest } from '../../cli/manifests.js';
import { eventually, openWatched } from './source-watcher.js';
import type { Watched } from './source-watcher.js';
import { permissionsHold } from './permissions.js';

// A slow machine takes the time that it takes.
vi.setConfig({ testTimeout: 60_000 });

let watched: Watched;

beforeEach(async () => {
  watched = await openWatched();
});

afterEach(() => watched.stop());

const at = (name: string): string => join(watched.folder, name);
const unit = (name: string): string | undefined => watched.units()[name];

/** Written beside and renamed into place, as careful programs do. */
async function replace(name: string, text: string): Promise<void> {
  await writeFile(at(`${name}.tmp`), text);
  await rename(at(`${name}.tmp`), at(name));
}

async function followFolder(options = {}): Promise<void> {
  watched.follow([watched.folder], options);
  await eventually(() => {
    expect(watched.states.at(-1)).toBe('Complete');
  });
}

describe('a folder', () => {
  it('is told whole, in one call, before it is complete', async () => {
    for (const name of ['a', 'b', 'c']) await writeFile(at(`${name}.yaml`), manifest(name));
    await writeFile(at('notes.txt'), 'nothing');
    await followFolder();
    expect(watched.units()).toEqual({
      'a.yaml': 'VirtualService default/a',
      'b.yaml': 'VirtualService default/b',
      'c.yaml': 'VirtualService default/c',
    });
    expect(watched.calls).toHaveLength(1);
    expect(watched.states).toEqual(['Reading', 'Complete']);
  });

  it('that is empty is complete', async () => {
    await followFolder();
    expect(watched.calls).toEqual([]);
  });

  it('tells a new, a changed and a deleted file, each alone', async () => {
    await writeFile(at('a.yaml'), manifest('a'));
    await followFolder();
    await replace('b.yaml', manifest('b'));
    await eventually(() => {
      expect(unit('b.yaml')).toBe('VirtualService default/b');
    });
    await writeFile(at('b.yaml'), manifest('b2'));
    await eventually(() => {
      expect(unit('b.yaml')).toBe('VirtualService default/b2');
    });
    await rm(at('b.yaml'));
    await eventually(() => {
      expect(unit('b.yaml')).toBe('Gone');
    });
    expect(watched.callsAbout('a.yaml')).toBe(1);
  });

  it('says nothing of a file that is written as it was', async () => {
    await writeFile(at('a.yaml'), manifest('a'));
    await followFolder();
    await replace('a.yaml', manifest('a'));
    await replace('b.yaml', manifest('b'));
    await eventually(() => {
      expect(unit('b.yaml')).toBe('VirtualService default/b');
    });
    expect(watched.callsAbout('a.yaml')).toBe(1);
  });

  it('survives an editor that moves a file away and writes it anew', async () => {
    await writeFile(at('a.yaml'), manifest('a'));
    await followFolder({ debounceMilliseconds: 40 });
    await rename(at('a.yaml'), at('a.yaml~'));
    await writeFile(at('a.yaml'), manifest('a2'));
    await eventually(() => {
      expect(unit('a.yaml')).toBe('VirtualService default/a2');
    });
    expect(watched.calls.flat().filter(({ content }) => content.kind === 'Gone')).toEqual([]);
  });

  it('tells thousands of files that change together in one call', async () => {
    const names = Array.from({ length: 1000 }, (_, i) => `file-${i}.yaml`);
    for (const name of names) await writeFile(at(name), manifest('old'));
    await followFolder({ debounceMilliseconds: 60 });
    const before = watched.calls.length;
    for (const [i, name] of names.entries()) {
      rmSync(at(name));
      writeFileSync(at(name), manifest(`new-${i}`));
    }
    await eventually(() => {
      expect(watched.calls.slice(before).flat()).toHaveLength(names.length);
    });
    expect(watched.calls).toHaveLength(before + 1);
  });

  it('with a link beside the file that it leads to counts the file once', async () => {
    await writeFile(at('web.yaml'), manifest('web'));
    await symlink('web.yaml', at('alias.yaml'));
    await followFolder();
    expect(watched.units()).toEqual({ 'alias.yaml': 'VirtualService default/web' });
    await rm(at('alias.yaml'));
    await eventually(() => {
      expect(watched.units()).toEqual({ 'alias.yaml': 'Gone', 'web.yaml': 'VirtualService default/web' });
    });
  });

  it('is read with the folders inside only where that was asked for', async () => {
    await mkdir(at('inside'));
    await writeFile(at('inside/a.yaml'), manifest('a'));
    await followFolder();
    expect(watched.units()).toEqual({});
    watched.follow([watched.folder], { recursive: true });
    await eventually(() => {
      expect(unit('inside/a.yaml')).toBe('VirtualService default/a');
    });
    await mkdir(at('later/deep'), { recursive: true });
    await writeFile(at('later/deep/b.yaml'), manifest('b'));
    await eventually(() => {
      expect(unit('later/deep/b.yaml')).toBe('VirtualService default/b');
    });
    await rm(at('inside'), { recursive: true });
    await eventually(() => {
      expect(unit('inside/a.yaml')).toBe('Gone');
    });
  });
});

describe('a file that is not right', () => {
  it('is broken, with what is wrong, until it is right again', async () => {
    await writeFile(at('a.yaml'), manifest('a'));
    await followFolder();
    await replace('a.yaml', manifest('a', { scheduler: '5' }));
    await eventually(() => {
      expect(unit('a.yaml')).toMatch(/^Broken .*expected/);
    });
    await replace('a.yaml', manifest('a'));
    await eventually(() => {
      expect(unit('a.yaml')).toBe('VirtualService default/a');
    });
  });

  it('is not taken for whole while it is being written', async () => {
    const whole = [manifest('a'), manifest('b'), manifest('c'), manifest('d')];
    await writeFile(at('all.yaml'), whole.join(''));
    await followFolder({ debounceMilliseconds: 50 });
    await writeFile(at('all.yaml'), '');
    for (const text of whole) await appendFile(at('all.yaml'), text);
    await appendFile(at('all.yaml'), manifest('e'));
    await eventually(() => {
      expect(unit('all.yaml')).toContain('default/e');
    });
    expect(watched.callsAbout('all.yaml')).toBe(2);
  });

  it.each([
    ['of no bytes', ''],
    ['of white space', ' \r\n\n'],
    ['of comments and markers', '%YAML 1.2\n--- # nothing\n  # nothing either\n...\n'],
  ])('because it is empty now, %s, is broken until it is deleted or has documents again', async (_, text) => {
    for (const name of ['a', 'b']) await writeFile(at(`${name}.yaml`), manifest(name));
    await followFolder();
    for (const name of ['a', 'b']) {
      await replace(`${name}.yaml`, text);
      await eventually(() => {
        expect(unit(`${name}.yaml`)).toBe('Broken it is empty now: delete the file if that is meant');
      });
    }
    await replace('a.yaml', manifest('a2'));
    await rm(at('b.yaml'));
    await eventually(() => {
      expect(watched.units()).toEqual({ 'a.yaml': 'VirtualService default/a2', 'b.yaml': 'Gone' });
    });
  });

  it('is another thing than one that was always empty, or that says that nothing is declared', async () => {
    await writeFile(at('a.yaml'), '# later\n');
    await writeFile(at('b.yaml'), manifest('b'));
    await followFolder();
    expect(unit('a.yaml')).toBe('');
    await replace('a.yaml', '');
    await replace('b.yaml', 'apiVersion: v1\nkind: List\nitems: []\n');
    await eventually(() => {
      expect(watched.units()).toEqual({ 'a.yaml': '', 'b.yaml': '' });
      expect(watched.callsAbout('a.yaml')).toBe(2);
    });
  });

  it('because it is a link that leads nowhere is broken, not gone', async () => {
    await writeFile(at('a.yaml'), manifest('a'));
    await followFolder();
    await symlink('nowhere', at('link.tmp'));
    await rename(at('link.tmp'), at('a.yaml'));
    await eventually(() => {
      expect(unit('a.yaml')).toBe('Broken a symbolic link that leads nowhere');
    });
  });
});

describe('a mounted ConfigMap', () => {
  async function publish(version: string, files: Readonly<Record<string, string>>): Promise<void> {
    await mkdir(at(`..${version}`));
    for (const [name, text] of Object.entries(files)) await writeFile(at(`..${version}/${name}`), text);
    await symlink(`..${version}`, at('..data_tmp'));
    await rename(at('..data_tmp'), at('..data'));
  }

  it('changes as a whole when kubelet swaps its link', async () => {
    await publish('2026_1', { 'a.yaml': manifest('a'), 'b.yaml': manifest('b') });
    for (const name of ['a.yaml', 'b.yaml']) await symlink(`..data/${name}`, at(name));
    await followFolder();
    expect(Object.keys(watched.units())).toEqual(['a.yaml', 'b.yaml']);
    await publish('2026_2', { 'a.yaml': manifest('a2'), 'b.yaml': manifest('b2') });
    await rm(at('..2026_1'), { recursive: true });
    await eventually(() => {
      expect(watched.units()).toEqual({ 'a.yaml': 'VirtualService default/a2', 'b.yaml': 'VirtualService default/b2' });
    });
    expect(watched.calls).toHaveLength(2);
  });
});

describe('a folder that cannot be reached', () => {
  it('is away until it appears', async () => {
    watched.follow([at('not/yet')]);
    await eventually(() => {
      expect(watched.states).toEqual(['Reading', 'Away /not/yet: no such file or folder']);
    });
    await mkdir(at('not/yet'), { recursive: true });
    await replace('not/yet/a.yaml', manifest('a'));
    await eventually(() => {
      expect(unit('not/yet/a.yaml')).toBe('VirtualService default/a');
      expect(watched.states.at(-1)).toBe('Complete');
    });
  });

  it('that was named by a relative path and moves away is noticed when it is back', async () => {
    await mkdir(at('services'));
    await writeFile(at('services/a.yaml'), manifest('a'));
    watched.follow([relative(process.cwd(), at('services'))]);
    await eventually(() => {
      expect(watched.states.at(-1)).toBe('Complete');
    });
    await rename(at('services'), at('elsewhere'));
    await eventually(() => {
      expect(watched.states.at(-1)).toMatch(/^Away .*services: no such file or folder$/);
    });
    await rename(at('elsewhere'), at('services'));
    await eventually(() => {
      expect(watched.states.at(-1)).toBe('Complete');
    });
    await replace('services/b.yaml', manifest('b'));
    await eventually(() => {
      expect(Object.values(watched.units())).toContain('VirtualService default/b');
    });
  });

  it('takes nothing along when it vanishes, and neither does an empty one in its place', async () => {
    await mkdir(at('services'));
    await writeFile(at('services/a.yaml'), manifest('a'));
    watched.follow([at('services')]);
    await eventually(() => {
      expect(watched.states.at(-1)).toBe('Complete');
    });
    await rm(at('services'), { recursive: true });
    await eventually(() => {
      expect(watched.states.at(-1)).toBe('Away /services: no such file or folder');
    });
    await mkdir(at('services'));
    await eventually(() => {
      expect(watched.states.at(-1)).toBe('Away /services: it is another folder than before, and empty');
    });
    expect(unit('services/a.yaml')).toBe('VirtualService default/a');
    watched.refresh();
    await eventually(() => {
      expect(unit('services/a.yaml')).toBe('Gone');
      expect(watched.states.at(-1)).toBe('Complete');
    });
  });

  it('is followed to where its link leads, when that is swapped', async () => {
    for (const version of ['one', 'two']) {
      await mkdir(at(version));
      await writeFile(at(`${version}/a.yaml`), manifest(version));
    }
    await symlink('one', at('current'));
    watched.follow([at('current')]);
    await eventually(() => {
      expect(unit('current/a.yaml')).toBe('VirtualService default/one');
    });
    await symlink('two', at('next'));
    await rename(at('next'), at('current'));
    await eventually(() => {
      expect(unit('current/a.yaml')).toBe('VirtualService default/two');
    });
  });

  it.runIf(permissionsHold())('for want of permission is away', async () => {
    await mkdir(at('secret'));
    await chmod(at('secret'), 0);
    watched.follow([at('secret')]);
    await eventually(() => {
      expect(watched.states.at(-1)).toBe('Away /secret: permission denied');
    });
    await chmod(at('secret'), 0o700);
  });
});

describe('a file that was named itself', () => {
  it('is followed, and away rather than gone when it is deleted', async () => {
    await writeFile(at('web.yaml'), manifest('web'));
    watched.follow([at('web.yaml')]);
    await eventually(() => {
      expect(watched.states.at(-1)).toBe('Complete');
    });
    await replace('web.yaml', manifest('web2'));
    await eventually(() => {
      expect(unit('web.yaml')).toBe('VirtualService default/web2');
    });
    await rm(at('web.yaml'));
    await eventually(() => {
      expect(watched.states.at(-1)).toBe('Away /web.yaml: no such file or folder');
    });
    expect(unit('web.yaml')).toBe('VirtualService default/web2');
  });
});

describe('without events', () => {
  it('a change is found by looking from time to time', async () => {
    await mkdir(at('elsewhere'));
    await writeFile(at('elsewhere/a.yaml'), manifest('a'));
    await mkdir(at('services'));
    await symlink('../elsewhere/a.yaml', at('services/a.yaml'));
    watched.follow([at('services')], { pollSeconds: 0.05 });
    await eventually(() => {
      expect(unit('services/a.yaml')).toBe('VirtualService default/a');
    });
    await writeFile(at('elsewhere/a.yaml'), manifest('a2'));
    await utimes(at('elsewhere/a.yaml'), 1, 1);
    await eventually(() => {
      expect(unit('services/a.yaml')).toBe('VirtualService default/a2');
    });
  });
});
