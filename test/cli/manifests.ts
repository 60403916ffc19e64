/** A VirtualService as a YAML document, with fields of its spec as they would be written. */
export function manifest(name: string, fields: Readonly<Record<string, string>> = {}): string {
  const spec = { addresses: '[10.0.0.1]', ports: '[{port: 80}]', realServers: '[{address: 192.168.0.1}]', ...fields };
  const [namespace, ownName] = name.includes('/') ? name.split('/') : ['default', name];
  const lines = Object.entries(spec).map(([field, value]) => `  ${field}: ${value}`);
  return `apiVersion: ipvs-operator.io/v1alpha1
kind: VirtualService
metadata: {name: ${ownName ?? ''}, namespace: ${namespace ?? ''}}
spec:
${lines.join('\n')}
---
`;
}
