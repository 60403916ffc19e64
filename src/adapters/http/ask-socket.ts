import { request } from 'node:http';

export type SocketAnswer =
  | { readonly kind: 'Answer'; readonly status: number; readonly body: string }
  /** Nobody serves there. */
  | { readonly kind: 'Nobody' }
  | { readonly kind: 'Failure'; readonly reason: string };

/** Asks whoever serves on a Unix socket, for so long. */
export function askSocket(
  socketPath: string,
  path: string,
  timeoutMilliseconds: number,
  method: 'GET' | 'POST' = 'GET',
): Promise<SocketAnswer> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(timeoutMilliseconds);
    const fail = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve({ kind: 'Nobody' });
      else if (error.code === 'EACCES') resolve({ kind: 'Failure', reason: 'permission denied' });
      else if (signal.aborted) resolve({ kind: 'Failure', reason: 'no answer in time' });
      else resolve({ kind: 'Failure', reason: error.message });
    };
    const asking = request({ socketPath, path, method, signal }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => (body += text));
      response.on('end', () => {
        resolve({ kind: 'Answer', status: response.statusCode ?? 0, body });
      });
      response.on('error', fail);
    });
    asking.on('error', fail);
    asking.end();
  });
}
