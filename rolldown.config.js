import { isBuiltin } from 'node:module';

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
 * The program in a few files. Node takes longer to find, read and link a hundred small modules than to run them, and a
 * command is started again and again. The library keeps its modules: whoever imports it wants types and maps.
 */
export default {
  input: { main: 'dist/cli/main.js' },
  platform: 'node',
  external: isLeftOut,
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
          test: /commander|\/dist\/(errors|model|kernel|adapters\/(netlink|native-addon)|cli\/(app|names|node-labels|options|program|run|text-sink)\.js|cli\/output\/(flag-words|get-frame|numbers|number-columns|order|reporter|service-table|service-view|style)\.js|cli\/commands\/get\.js)/,
        },
        { name: 'documents', test: /\/dist\/desired\/(?!explain|schema|full-yaml|places|render)/ },
        { name: 'rounds', test: /\/dist\/(plan|health|sources|reconcile|adapters\/state)\// },
      ],
    },
  },
};
