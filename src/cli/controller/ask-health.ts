import { askSocket } from '../../adapters/http/index.js';
import { HEALTH_PATH } from './control-paths.js';
import type { ServiceHealthReport } from './health-report.js';

/** By service key text. */
export type HealthReports = ReadonlyMap<string, ServiceHealthReport>;

/** Who asks for the kernel's table does not wait long for what else there is to say. */
const ANSWER_MILLISECONDS = 3000;
/** More keys than this are not named one by one. */
const MAXIMUM_NAMED = 100;

export type HealthAnswer =
  | { readonly kind: 'Reports'; readonly reports: HealthReports }
  /** No controller runs here. */
  | { readonly kind: 'Nobody' }
  | { readonly kind: 'Failure'; readonly reason: string };

/** Asks the controller on the socket how the servers of these services are. */
export async function askHealth(socketPath: string, services: readonly string[]): Promise<HealthAnswer> {
  const query = new URLSearchParams();
  if (services.length <= MAXIMUM_NAMED) for (const service of services) query.append('service', service);
  const path = query.size === 0 ? HEALTH_PATH : `${HEALTH_PATH}?${query.toString()}`;
  const answer = await askSocket(socketPath, path, ANSWER_MILLISECONDS);
  if (answer.kind !== 'Answer') return answer;
  if (answer.status !== 200) return { kind: 'Failure', reason: `it answers with ${answer.status}` };
  const lines = answer.body.split('\n').filter((line) => line !== '');
  const reports = lines.map((line) => JSON.parse(line) as ServiceHealthReport);
  return { kind: 'Reports', reports: new Map(reports.map((report) => [report.service, report])) };
}
