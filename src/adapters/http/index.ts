/**
 * Floor 4. Answers over HTTP, on a TCP address or a Unix socket, and questions over a Unix socket. It knows methods,
 * paths and bodies, and nothing of what they say.
 */
export { askSocket } from './ask-socket.js';
export { serveAddress, serveSocket } from './server.js';
export type { Answer, Routes, RunningServer } from './server.js';
