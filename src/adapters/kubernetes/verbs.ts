/** What an authorizer calls a request. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export function verbOf(method: Method, path: string): Exclude<Verb, 'watch'> {
  switch (method) {
    case 'GET':
      return isCollection(path) ? 'list' : 'get';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return 'delete';
  }
}

/** `/apis/GROUP/VERSION/RESOURCE`, `/api/v1/namespaces/NAMESPACE/RESOURCE`, but not `/api/v1/namespaces/NAME`. */
function isCollection(path: string): boolean {
  const [root, ...rest] = path.split('/').filter((segment) => segment !== '');
  const segments = rest.slice(root === 'api' ? 1 : 2);
  const isNamespaced = segments[0] === 'namespaces' && segments.length > 2;
  return (isNamespaced ? segments.slice(2) : segments).length === 1;
}
