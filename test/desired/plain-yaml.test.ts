import fc from 'fast-check';
import { dump, load } from 'js-yaml';
import { readdirSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test, vi } from 'vitest';
import { PlainYamlReader } from '../../src/desired/plain-yaml/index.js';
import { splitDocuments } from '../../src/desired/split.js';

// The complete parser takes its time, on a busy machine most of all.
vi.setConfig({ testTimeout: 60_000 });

function readPlain(text: string): object | undefined {
  return new PlainYamlReader().read(text, 0, text.length);
}

/** Whatever the plain reader takes, the complete parser takes too, and as the same value. */
function expectAgreement(text: string): void {
  const plain = readPlain(text);
  if (plain !== undefined) expect(plain).toStrictEqual(load(text));
}

const TAKEN = [
  'a: 1\n',
  '---\na: 1\n',
  '--- # comment\na: 1',
  '# comment\n\n  # another\na: b # c\n',
  'a:\n- b\n- c: 1\n  d: 2\n-\n  e: 3\n-\n  - f\n  - g\nh: i',
  'a:\n  b:\n    c: x\n',
  'a: [1, two, "three", \'four\', [], {}, {b: c, d: [e]}]\n',
  'a: {b: 10.0.0.1, "c": 2001:db8::1, d: fe80::1}\n',
  'a: 192.168.0.1\nb: 2001:db8::1\nc: ::1\nd: 10.0.0.0/8\ne: x-5\nf: 007\ng: 1000-1999\n',
  'a: null\nb: Null\nc: true\nd: FALSE\ne: yes\nf: nullable\ng:\nh: # nothing\n',
  'a: "quoted # no comment: yes"\nb: \'single "double"\'\nc: it\'s\n',
  '{"a": {"b": [1, 2, "c"], "d": null}, "e": true}\n',
  '{\n  "a": {\n    "b": [\n      1,\n      "c"\n    ]\n  },\n  "d": {}\n}\n',
  'a: grün\n# Straße\n',
  'a.b/c-d_e: f g  h   # i\n',
];

test.each(TAKEN)('the plain reader takes %j', (text) => {
  expect(readPlain(text)).toStrictEqual(load(text));
});

const REFUSED = [
  '',
  '# only a comment\n',
  '- a\n',
  'a\n',
  'a: &x 1\nb: *x\n',
  'a: !!str 1\n',
  'a: |\n  text\n',
  'a: >-\n  text\n',
  'a: b\n  c\n',
  'a: "b\n  c"\n',
  'a: "b\\n"\n',
  "a: 'it''s'\n",
  'a: 1\na: 2\n',
  'a: {b: 1, b: 2}\n',
  'a: 1\n b: 2\n',
  'a:\n    b: 1\n  c: 2\n',
  'a:\t1\n',
  'a: 1.5\n',
  'a: 0x10\n',
  'a: 12345678901234567890\n',
  'a: [1, 2\n',
  'a: [1,, 2]\n',
  'a: [1, 2,]\n',
  'a: [b: c]\n',
  'a: {b}\n',
  'a: {b:1}\n',
  'a: b: c\n',
  'a: fd00::\n',
  'a: [fd00::]\n',
  '? a\n: b\n',
  '1: a\n',
  'null: a\n',
  '"a": b\n',
  '<<: a\n',
  '__proto__: {a: 1}\n',
  'constructor: 1\n',
  'a: @b\n',
  'a: %b\n',
  'a: ~\n',
  'a: - b\n',
  'a:\n- - b\n',
  '--- a: 1\n',
  'a: 1\r\n',
  'a: \u2028\n',
  'a: \u{1F600}\n',
  '%YAML 1.2\n---\na: 1\n',
  'a: 1\n...\n',
  'a: "b" c\n',
  'a: "b"#c\n',
];

test.each(REFUSED)('the plain reader leaves %j to the complete parser', (text) => {
  expect(readPlain(text)).toBeUndefined();
});

const scalar = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('yes', '0o7', '1e3', '.5', '-', '- a', 'a: b', 'a #b', '#', '10.0.0.1', '::1', 'null', '~', ''),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ maxDepth: 4 }, scalar, tie('list'), tie('map')),
  list: fc.array(tie('tree'), { maxLength: 4 }),
  map: fc.dictionary(fc.oneof(fc.stringMatching(/^[a-z]{1,8}$/), fc.string({ maxLength: 6 })), tie('tree'), {
    maxKeys: 4,
  }),
}));

test('what any writer of YAML writes is read as the complete parser reads it', () => {
  fc.assert(
    fc.property(tree, fc.integer({ min: -1, max: 3 }), fc.boolean(), (value, flowLevel, seqNoIndent) => {
      expectAgreement(dump(value, { flowLevel, seqNoIndent, lineWidth: -1 }));
      expectAgreement(JSON.stringify(value));
      expectAgreement(JSON.stringify(value, null, 2));
    }),
    { numRuns: 1000 },
  );
});

/** The pieces that YAML is made of, in whatever order: mostly no YAML at all. */
const PIECES = [
  ...[
    'a',
    'b: ',
    'c:\n',
    '- ',
    '-',
    '\n',
    '\n  ',
    '\n    ',
    '\n- ',
    '\n  - ',
    ' ',
    '  ',
    ':',
    ': ',
    ', ',
    ',',
    '[',
    ']',
  ],
  ...[
    '{',
    '}',
    '"',
    "'",
    '#',
    ' # c',
    '---',
    '\n---\n',
    '...',
    '|',
    '>',
    '&a ',
    '*a',
    '!t ',
    '?',
    '? ',
    '~',
    'null',
    'true',
  ],
  ...[
    '1',
    '-1',
    '0x1',
    '1.5',
    '.',
    '..',
    '1.1.1.1',
    '::1',
    'fd00::',
    '\t',
    '\r\n',
    'é',
    '\\',
    '%',
    '@',
    '`',
    '<<',
    '=',
    '+',
  ],
];

test('no text made of the pieces of YAML is read in another way than by the complete parser', () => {
  const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, (rest) => {
      expectAgreement(`a: ${rest}`);
    }),
    { numRuns: 4000 },
  );
  fc.assert(fc.property(text, expectAgreement), { numRuns: 4000 });
});

function exampleTexts(): readonly string[] {
  const folder = new URL('../../examples/', import.meta.url);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'));
}

test('the examples are plain', () => {
  for (const text of exampleTexts()) {
    const reader = new PlainYamlReader();
    for (const { start, end } of splitDocuments(text)) {
      expect(reader.read(text, start, end)).toStrictEqual(load(text.slice(start, end)));
    }
  }
});

test('what a reader remembers of other texts makes no difference', () => {
  fc.assert(
    fc.property(fc.array(tree, { maxLength: 4 }), fc.boolean(), (values, seqNoIndent) => {
      const reader = new PlainYamlReader();
      const texts = values.flatMap((value) => [{ a: value }, { a: [{ b: value, c: value }, { b: value }] }]);
      for (const text of [...texts, ...texts, ...texts].map((value) => dump(value, { seqNoIndent, lineWidth: -1 }))) {
        const plain = reader.read(text, 0, text.length);
        if (plain !== undefined) expect(plain).toStrictEqual(load(text));
      }
    }),
    { numRuns: 500 },
  );
});

test('items of the same lines are one frozen object, whatever stands around them', () => {
  const reader = new PlainYamlReader();
  const read = (text: string): unknown => reader.read(text, 0, text.length);
  const item = '- a: 1\n  b:\n    - c: [2]\n';
  const texts = [`x:\n${item}`, `y:\n${item}${item}`, `z:\n${item}- a: 1\n  b: 3\n`];
  expect([...texts, ...texts].map(read)).toStrictEqual([...texts, ...texts].map((text) => load(text)));
  const [first, second] = (read(`v:\n${item}${item}`) as { v: readonly object[] }).v;
  expect(second).toBe(first);
  expect(Object.isFrozen(first)).toBe(true);
});

test('sequences of the same lines are one frozen list, whatever stands around them', () => {
  const reader = new PlainYamlReader();
  const read = (text: string): unknown => reader.read(text, 0, text.length);
  const list = '  - a: 1\n    b: 2\n  - a: 2\n';
  for (const text of [`x:\n${list}`, `y:\n${list}z: 1\n`]) read(text);
  const endings = [
    '',
    'w: 1\n',
    '# comment\nw: 1\n',
    '    b: 3\n',
    '    # comment\n    b: 3\n',
    '  - a: 3\n',
    '  -\n    a: 3\n',
    '   b: 3\n',
  ];
  const texts = endings.map((ending) => `v:\n${list}${ending}`);
  const unfinished = ['v:\n  - a: 1\n    b: 2\n  - a: 2', 'v:\n  - a: 1\n    b: 2\n  - a: 22\n'];
  for (const text of [...texts, ...unfinished, ...texts]) {
    const plain = read(text);
    if (plain !== undefined) expect(plain).toStrictEqual(load(text));
    else expect(text).toMatch(/\n {3}b/);
  }
  const listIn = (text: string): unknown => (read(text) as { readonly v: unknown }).v;
  const first = listIn(`v:\n${list}`);
  expect(listIn(`u: 1\nv:\n${list}w: 2\n`)).toBe(first);
  expect(Object.isFrozen(first)).toBe(true);
});

test('lists that begin alike are read as the complete parser reads them, in any order', () => {
  const item = fc.constantFrom(
    '  - a: 1\n',
    '  - a: 1\n    b: 2\n',
    '  - a: 2\n',
    '  - c:\n      - a: 1\n',
    '  -\n    a: 1\n',
  );
  const ending = fc.constantFrom('', 'w: 1\n', '    d: 3\n', '\n  # comment\n', '   e: 1\n', '      - a: 1\n');
  const document = fc
    .tuple(fc.array(item, { minLength: 1, maxLength: 4 }), ending, fc.boolean())
    .map(([items, rest, isCut]) => (isCut ? `v:\n${items.join('')}${rest}`.trimEnd() : `v:\n${items.join('')}${rest}`));
  fc.assert(
    fc.property(fc.array(document, { minLength: 4, maxLength: 20 }), (texts) => {
      const reader = new PlainYamlReader();
      for (const text of texts) {
        const plain = reader.read(text, 0, text.length);
        if (plain !== undefined) expect(plain).toStrictEqual(load(text));
      }
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['one line is new in each', 0],
  ['lists begin with other items in each', 1],
])('old versions of a file do not stay in memory where %s', (_, step) => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const reader = new PlainYamlReader();
  const numbers = Array.from({ length: 3000 }, (_, i) => i);
  const megabytesAfter = (versions: number): number => {
    for (let version = 0; version < versions; version++) {
      // Some 180 KB.
      const items = numbers.map(
        (i) => `    - a: 192.168.0.${(i * 7 + version * step) % 3000}\n      b: long enough to be a slice\n`,
      );
      const lists = [0, 1000, 2000].map((start) => `  list-${start}:\n${items.slice(start, start + 1000).join('')}`);
      const text = Buffer.from(`version: number ${version} of this file\nlists:\n${lists.join('')}`).toString();
      expect(reader.read(text, 0, text.length)).toBeDefined();
    }
    collectGarbage();
    return process.memoryUsage().heapUsed / 1e6;
  };
  const before = megabytesAfter(20);
  // Each version that stayed would be some 0.2 MB.
  expect(megabytesAfter(600) - before).toBeLessThan(60);
});

test('a slip anywhere in an example changes both readers alike', () => {
  const parts = exampleTexts().flatMap((text) =>
    [...splitDocuments(text)].map(({ start, end }) => text.slice(start, end)),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...parts),
      fc.nat(),
      fc.nat({ max: 3 }),
      fc.constantFrom(...PIECES),
      (part, at, cut, piece) => {
        const offset = at % part.length;
        expectAgreement(part.slice(0, offset) + piece + part.slice(offset + cut));
      },
    ),
    { numRuns: 3000 },
  );
});
