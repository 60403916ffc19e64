/** The collections of the API server that are followed. */
export const RESOURCE_PATHS = {
  nodes: '/api/v1/nodes',
  namespaces: '/api/v1/namespaces',
  directors: '/apis/ipvs-operator.io/v1alpha1/directors',
  virtualservices: '/apis/ipvs-operator.io/v1alpha1/virtualservices',
  endpointslices: '/apis/discovery.k8s.io/v1/endpointslices',
} as const;

export type ResourceName = keyof typeof RESOURCE_PATHS;
