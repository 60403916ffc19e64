import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What stands for the service manager: Node has no datagram sockets of the Unix kind, Python has. */
const PROGRAM = `
import json, socket, sys
listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
address = sys.argv[1]
listening.bind('\\0' + address[1:] if address.startswith('@') else address)
print('listening', flush=True)
while True:
    print(json.dumps(listening.recv(4096).decode()), flush=True)
`;

interface Receiver {
  readonly address: string;
  /** The next messages, so many of them. */
  receive(count: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openReceiver(addressIn: (folder: string) => string): Promise<Receiver> {
  const folder = await mkdtemp(join(tmpdir(), 'ipvs-operator-notify-'));
  const address = addressIn(folder);
  const child = spawn('python3', ['-c', PROGRAM, address], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  await lines.next();
  return {
    address,
    async receive(count) {
      const messages: string[] = [];
      while (messages.length < count) {
        const line = await lines.next();
        if (line.done === true) throw new Error('the receiver ended');
        messages.push(JSON.parse(line.value) as string);
      }
      return messages;
    },
    async close() {
      child.kill();
      await once(child, 'close');
      await rm(folder, { recursive: true });
    },
  };
}
