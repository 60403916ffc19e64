import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import { createApiClient } from '../../../src/adapters/kubernetes/index.js';
import type { ApiClient } from '../../../src/adapters/kubernetes/index.js';

export interface LocalServer {
  readonly url: string;
  readonly client: ApiClient;
  close(): Promise<void>;
}

/** A server on the loopback that answers as the test says, and a client of it. */
export async function startLocalServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<LocalServer> {
  const server = createServer(answer satisfies RequestListener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = clientOf(url);
  return {
    url,
    client,
    close: () =>
      new Promise((resolve) => {
        client.close();
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

export function clientOf(url: string): ApiClient {
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: 'local', server: url, skipTLSVerify: true }, { name: 'nobody' });
  return createApiClient({ config });
}
