import { expect, test } from 'vitest';
import { UserError } from '../../src/errors/index.js';
import { loadFirst } from '../../src/adapters/native-addon.js';

/** Loads like `require`: what is a text in `places` is there and does not load. */
function loader(places: Readonly<Record<string, object | string>>): (path: string) => unknown {
  return (path) => {
    const place = places[path];
    if (typeof place === 'object') return place;
    if (place !== undefined) throw Object.assign(new Error(place), { code: 'ERR_DLOPEN_FAILED' });
    throw Object.assign(new Error(`Cannot find module '${path}'`), { code: 'MODULE_NOT_FOUND' });
  };
}

test('The first module that loads is taken, whatever is missing or does not fit before it', () => {
  const fits = { Client: 1 };
  expect(loadFirst(loader({ c: fits, d: {} }), ['a', 'c', 'd'])).toBe(fits);
  expect(loadFirst(loader({ b: 'wrong C library', c: fits }), ['a', 'b', 'c'])).toBe(fits);
});

test('Where none loads, the error is about one that is there, and says how to build another one', () => {
  const load = () => loadFirst(loader({ b: 'wrong C library' }), ['a', 'b', 'c']);
  expect(load).toThrow(UserError);
  expect(load).toThrow('cannot load the native addon: wrong C library');
  expect(() => loadFirst(loader({}), ['a', 'b'])).toThrow("cannot load the native addon: Cannot find module 'a'");
});
