import type {
  DeclaredDirector,
  DeclaredVirtualService,
  DirectorDocument,
  VirtualServiceDocument,
} from '../../src/desired/index.js';

/** Documents as a program declares them, in namespace `shop`; they fit the schema, which nobody checks here. */
export function virtualService(
  name: string,
  spec: VirtualServiceDocument['spec'],
  metadata: Partial<VirtualServiceDocument['metadata']> = {},
): DeclaredVirtualService {
  return {
    kind: 'VirtualService',
    namespace: 'shop',
    name,
    object: `VirtualService shop/${name}`,
    value: {
      apiVersion: 'ipvs-operator.io/v1alpha1',
      kind: 'VirtualService',
      metadata: { name, namespace: 'shop', ...metadata },
      spec,
    },
  };
}

export function director(name: string, spec: DirectorDocument['spec']): DeclaredDirector {
  return {
    kind: 'Director',
    name,
    object: `Director ${name}`,
    value: { apiVersion: 'ipvs-operator.io/v1alpha1', kind: 'Director', metadata: { name }, spec },
  };
}
