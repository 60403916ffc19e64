// One host's traffic, in a process of its own because a process lives in one network namespace: TCP and UDP servers
// that answer "NAME TEXT" to every line TEXT, and clients. Takes commands as lines of JSON on standard input, answers
// each by a line of JSON, ends with its input. Plain JavaScript: it starts without a compiler. network.ts drives it.
'use strict';

const dgram = require('node:dgram');
const net = require('node:net');
const readline = require('node:readline');

const ANSWER_WITHIN_MS = 10_000;

/** @type {Map<string, { close: () => void }>} */
const servers = new Map();
/** @type {Map<number, { socket: net.Socket, lines: AsyncIterator<string> }>} */
const connections = new Map();

const commands = {
  async listen({ protocol, address, port, name }) {
    const server = protocol === 'UDP' ? await listenUdp(address, port, name) : await listenTcp(address, port, name);
    servers.set(`${protocol} ${address} ${port}`, server);
  },

  async unlisten({ protocol, address, port }) {
    const key = `${protocol} ${address} ${port}`;
    servers.get(key)?.close();
    servers.delete(key);
  },

  async connect({ connection, address, port }) {
    const socket = net.connect({ host: address, port });
    await withinTime(`a connection to ${address} port ${port}`, opened(socket, 'connect'));
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    connections.set(connection, { socket, lines: linesOf(socket)[Symbol.asyncIterator]() });
    return socket.localPort;
  },

  async ask({ connection, text }) {
    const { socket, lines } = connections.get(connection);
    socket.write(`${text}\n`);
    const { value, done } = await withinTime(`the answer to ${text}`, lines.next());
    if (done) throw new Error('the connection was closed');
    return value;
  },

  async disconnect({ connection }) {
    connections.get(connection)?.socket.destroy();
    connections.delete(connection);
  },

  async query({ address, port, text, localPort = 0 }) {
    const socket = dgram.createSocket(net.isIPv6(address) ? 'udp6' : 'udp4');
    try {
      socket.bind(localPort);
      await opened(socket, 'listening');
      const answer = opened(socket, 'message');
      socket.send(text, port, address);
      const [message] = await withinTime(`the answer to ${text}`, answer);
      return message.toString();
    } finally {
      socket.close();
    }
  },
};

/** The interface repeats the errors of its socket, and nobody listening to them would end this process. */
function linesOf(socket) {
  return readline.createInterface(socket).on('error', () => undefined);
}

async function listenTcp(address, port, name) {
  const sockets = new Set();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    linesOf(socket).on('line', (line) => socket.write(`${name} ${line}\n`));
  });
  server.listen(port, address);
  await opened(server, 'listening');
  return {
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function listenUdp(address, port, name) {
  const socket = dgram.createSocket(net.isIPv6(address) ? 'udp6' : 'udp4');
  socket.on('message', (message, from) => socket.send(`${name} ${message}`, from.port, from.address));
  socket.bind(port, address);
  await opened(socket, 'listening');
  return socket;
}

function opened(emitter, event) {
  return new Promise((resolve, reject) => {
    emitter.once(event, (...values) => resolve(values)).once('error', reject);
  });
}

function withinTime(what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come`)), ANSWER_WITHIN_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

readline
  .createInterface(process.stdin)
  .on('line', async (line) => {
    const { id, command, ...parameters } = JSON.parse(line);
    const answer = await commands[command](parameters).then(
      (value) => ({ id, value }),
      (error) => ({ id, error: error.message }),
    );
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  })
  .on('close', () => process.exit());
