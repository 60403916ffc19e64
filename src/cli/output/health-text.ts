import type { Advised, CheckState, ManualDrain } from '../../health/index.js';
import type {
  CheckReport,
  HealthReport,
  ServerHealthReport,
  ServiceHealthReport,
} from '../controller/health-report.js';
import { shortObjectName } from '../names.js';
import { counted } from './numbers.js';

/** `passes (L4OK)`, `fails (L4CON connection refused)`. */
export function checkStateText({ isPassing, verdict }: CheckState): string {
  const word = isPassing ? 'passes' : 'fails';
  return verdict === null ? word : `${word}: ${[verdict.code, verdict.message].filter(Boolean).join(' ')}`;
}

/** `192.168.0.1:80, in shop/web`. */
export function drainText({ address, port, service }: ManualDrain): string {
  const place = address.includes(':') ? `[${address}]` : address;
  const server = port === null ? `${address}, every port` : `${place}:${port}`;
  return service === null ? server : `${server}, in ${shortObjectName(service)}`;
}

/** What checks were told of a server: `Agent says 50%`; empty where they were told nothing. */
export function adviceText(checks: readonly CheckReport[]): string {
  return checks
    .flatMap(({ type, advised }) => (advised === undefined ? [] : [`${type} says ${advisedWords(advised)}`]))
    .join(', ');
}

function advisedWords({ state, mode, weight }: Advised): string {
  const words = [
    ...(state === 'Down' ? ['down'] : []),
    ...(mode === 'Ready' ? [] : [mode === 'Drain' ? 'drain' : 'maint']),
    ...(weight === null ? [] : [weight.kind === 'Percent' ? `${weight.percent}%` : `weight ${weight.weight}`]),
  ];
  return words.join(' and ');
}

/** A line for each server that is not as declared, below a line for its service. */
export function serviceHealthLines({ services, otherServices }: HealthReport, ago: (time: string) => string): string[] {
  const lines = services.flatMap((service) => [serviceLine(service), ...serverLines(service, ago)]);
  const more = otherServices - services.length;
  return more > 0 ? [...lines, `and ${counted(more, 'service')} more`] : lines;
}

function serviceLine(report: ServiceHealthReport): string {
  const { service, object, hasQuorum, sorryServersInUse, isLeaving, keepsClients } = report;
  const notes = [
    ...(isLeaving ? ['declared no more, drains before it goes'] : []),
    ...(sorryServersInUse ? ['sorry servers stand in'] : hasQuorum ? [] : ['the quorum is lost']),
    ...(keepsClients ? ['persistent clients come back unless the sysctl expire_quiescent_template is 1'] : []),
  ];
  return `${service} of ${shortObjectName(object)}${notes.length === 0 ? '' : `: ${notes.join('; ')}`}`;
}

function serverLines({ servers }: ServiceHealthReport, ago: (time: string) => string): readonly string[] {
  return servers
    .filter(({ state, weight, declaredWeight }) => state !== 'Passing' || weight !== declaredWeight)
    .map((server) => `  ${server.server}: ${weightText(server)}, ${stateText(server, ago)}${toldText(server)}`);
}

function toldText({ checks }: ServerHealthReport): string {
  const advice = adviceText(checks);
  return advice === '' ? '' : `; ${advice}`;
}

function weightText({ weight, declaredWeight }: ServerHealthReport): string {
  if (weight === null) return 'out';
  return weight === declaredWeight ? `weight ${weight}` : `weight ${weight} instead of ${declaredWeight}`;
}

function stateText(
  { state, checks, connections, deadline }: ServerHealthReport,
  ago: (time: string) => string,
): string {
  const left = connections === undefined ? '' : ` with ${counted(connections, 'connection')}`;
  switch (state) {
    case 'Passing':
      return 'passes';
    case 'Failing': {
      const failing = checks.filter(({ isPassing }) => !isPassing);
      const causes = failing.map(({ code, message, since }) =>
        [code ?? 'not asked yet', message, `for ${ago(since)}`].filter(Boolean).join(' '),
      );
      return `fails: ${causes.join('; ')}`;
    }
    case 'Drained':
      return `taken out${left}`;
    case 'Leaving':
      return `leaves${left}${deadline === undefined ? '' : `, at the latest at ${deadline}`}`;
    case 'Sorry':
      return 'a sorry server';
  }
}
