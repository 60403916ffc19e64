/**
 * The classic thesis's benchmark, by the library: add a service, add a real server, delete it, delete the service, each
 * awaited, 1,000 times.
 */
import { performance } from 'node:perf_hooks';
import { openIpvs } from 'ipvs-operator';

const ROUNDS = 1000;

const ipvs = await openIpvs();
const started = performance.now();
for (let round = 0; round < ROUNDS; round++) {
  const service = await ipvs.addService({ protocol: 'TCP', address: '10.0.0.1', port: 80 });
  const server = await service.addServer({ address: '192.168.0.1', port: 8080 });
  await server.delete();
  await service.delete();
}
console.log(`thesis.library.seconds ${(performance.now() - started) / 1000}`);
await ipvs.close();
