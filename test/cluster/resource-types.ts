import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * What the compiler says of resources as values of the client library's types, which are made from the API server's own
 * schema: fields that do not exist, values of another type, required fields that are missing. An API server without these
 * resources cannot say it.
 *
 * @returns a line for each fault; none where all is well
 */
export function findTypeFaults(resources: readonly Resource[]): readonly string[] {
  const file = fileURLToPath(new URL('resources.generated.ts', import.meta.url));
  const target = ts.ScriptTarget.ES2023;
  const options: ts.CompilerOptions = {
    target,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
  };
  const lines = resources.map(
    (resource, i) => `export const resource${i}: k8s.${typeNameOf(resource)} = ${JSON.stringify(resource, null, 1)};`,
  );
  const source = ["import type * as k8s from '@kubernetes/client-node';", ...lines].join('\n');
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (name) => name === file || disk.fileExists(name),
    getSourceFile: (name, ...rest) =>
      name === file ? ts.createSourceFile(name, source, target) : disk.getSourceFile(name, ...rest),
  };
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText, start = 0 }) => {
    const found = source.slice(start, source.indexOf('\n', start)).trim();
    return `${found}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}

/** `apps/v1` `DaemonSet` is `V1DaemonSet`. */
function typeNameOf({ apiVersion, kind }: Resource): string {
  const version = apiVersion.split('/').at(-1) ?? '';
  return version.charAt(0).toUpperCase() + version.slice(1) + kind;
}
