import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';

/**
 * Libraries that become part of the program, with what they need themselves. A controller of a cluster takes the
 * kubeconfig alone of a thousand modules: with them all it starts in five times the time.
 */
const TAKEN_IN = ['commander', '@kubernetes/client-node'];

/** @type {(id: string, importer: string | undefined) => boolean} */
function isLeftOut(id, importer = '') {
  if (isBuiltin(id)) return true;
  return /^[@a-z]/.test(id) && !TAKEN_IN.includes(id) && !importer.includes('/node_modules/');
}

/**
 * Writes beside the program whose work is in it, and under which licence: their licences want to be given along.
 *
 * @returns {import('rolldown').Plugin}
 */
function writeNotices() {
  return {
    name: 'notices',
    generateBundle(_, bundle) {
      const folders = Object.values(bundle).flatMap((file) =>
        file.type === 'chunk'
          ? file.moduleIds.flatMap((id) => /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? [])
          : [],
      );
      const source = [...new Set(folders)].sort().map(noticeOf).join('\n');
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-NOTICES', source });
    },
  };
}

/**
 * The program waits for its command at the top level of `main.js`: a file that imports that one is never there in time.
 *
 * @returns {import('rolldown').Plugin}
 */
function refuseImportsOfMain() {
  return {
    name: 'refuse-imports-of-main',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'chunk' && [...file.imports, ...file.dynamicImports].includes('main.js')) {
          this.error(`${file.fileName} imports main.js: the module that it needs belongs to another group`);
        }
      }
    },
  };
}

/** @type {(text: string) => { readonly name: string, readonly version: string, readonly license?: unknown }} */
const parseDescription = JSON.parse;

/** @type {(folder: string) => string} */
function noticeOf(folder) {
  const { name, version, license } = parseDescription(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  if (typeof license !== 'string') throw new Error(`${folder} does not say its licence`);
  const texts = files.map((file) => `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`);
  return `${'='.repeat(80)}\n${name} ${version}, ${license}\n${texts.join('')}`;
}

/**
 * The program in a few files. Node takes longer to find, read and link a hundred small modules than to run them, and a
 * command is started again and again. The library keeps its modules: whoever imports it wants types and maps.
 */
export default {
  input: { main: 'dist/cli/main.js' },
  platform: 'node',
  plugins: [writeNotices(), refuseImportsOfMain()],
  external: isLeftOut,
  preserveEntrySignatures: 'allow-extension',
  // What is imported early by some commands is imported late by others.
  checks: { ineffectiveDynamicImport: false },
  output: {
    dir: 'dist/command',
    cleanDir: true,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    codeSplitting: {
      includeDependenciesRecursively: false,
      // Each group imports only groups above it, or modules would run before what they stand on.
      groups: [
        {
          name: 'core',
          test: /commander|\/dist\/(errors|model|kernel|adapters\/(netlink|native-addon)|cli\/(app|hangups|names|node-labels|options|program|run|text-sink)\.js|cli\/output\/(flag-words|get-frame|numbers|number-columns|order|reporter|service-table|service-view|style)\.js|cli\/commands\/get\.js)/,
        },
        { name: 'ownership', test: /\/dist\/adapters\/(ownership|private-files)/ },
        { name: 'documents', test: /\/dist\/desired\/(?!explain|schema|full-yaml|places|render)/ },
        { name: 'rounds', test: /\/dist\/(plan|health|sources|reconcile|adapters\/state)\// },
      ],
    },
  },
};
