// The floors of the code: a folder imports only from floors below its own. docs/architecture.md has the table.
const floors = [
  ['errors', 'model'],
  ['desired', 'plan', 'health', 'status'],
  ['kernel', 'sources'],
  ['reconcile', 'client'],
  ['adapters'],
  ['cli'],
];

const at = (folders) => `^src/(${folders.join('|')})/`;

const upward = floors.flatMap((folders, floor) => {
  const above = floors.slice(floor + 1).flat();
  return above.length === 0
    ? []
    : [
        {
          name: `floor-${floor}-looks-up`,
          severity: 'error',
          comment: 'A lower floor that knows a higher one cannot be tested or reused without it.',
          from: { path: at(folders) },
          to: { path: [at([...above, 'testing']), '^src/[^/]+\\.ts$'] },
        },
      ];
});

const sideways = floors.slice(1, 5).flatMap((folders, i) =>
  folders.length < 2
    ? []
    : folders.map((folder) => ({
        name: `floor-${i + 1}-${folder}-looks-sideways`,
        severity: 'error',
        comment: 'Folders of one floor are independent of each other; what they share belongs one floor down.',
        from: { path: `^src/${folder}/` },
        to: { path: at(folders.filter((other) => other !== folder)) },
      })),
);

module.exports = {
  forbidden: [
    ...upward,
    ...sideways,
    {
      name: 'adapters-are-independent',
      severity: 'error',
      comment: 'Adapters meet in the app, never each other: that is what keeps each replaceable.',
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/adapters/[^/]+/', pathNot: '^src/adapters/$1/' },
    },
    {
      name: 'testing-is-a-guest',
      severity: 'error',
      comment:
        "The fake is public for users' tests: it stands on floors 0 to 2 and nothing of the product stands on it.",
      from: { path: '^src/(?!testing/)' },
      to: { path: '^src/testing/' },
    },
    {
      name: 'testing-stands-low',
      severity: 'error',
      comment: 'The fake uses floors 0 to 2 only, so that users get no adapter with it.',
      from: { path: '^src/testing/' },
      to: { path: '^src/(reconcile|client|adapters|cli)/' },
    },
    {
      name: 'pure-floors-do-no-io',
      severity: 'error',
      comment: 'Floors 0 to 2 are data and functions; node:net is there for isIP alone.',
      from: { path: '^src/(errors|model|desired|plan|health|status|kernel|sources)/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?net$' },
    },
    {
      name: 'through-the-front-door',
      severity: 'error',
      comment: "A folder's index.ts is what it offers; the rest may change without asking.",
      from: { path: '^src/([^/]+)/' },
      to: {
        path: '^src/(errors|model|desired|plan|health|status|kernel|sources|reconcile|client|testing)/',
        pathNot: ['^src/$1/', '/index\\.ts$'],
      },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Files that need each other are one file, or want a third one.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file that nobody imports is dead.',
      from: { orphan: true, path: '^src/', pathNot: ['^src/cli/main\\.ts$', '^src/index\\.ts$'] },
      to: {},
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
  },
};
