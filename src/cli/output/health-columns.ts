import { realServerKeyText } from '../../model/index.js';
import type { RealServerKey } from '../../model/index.js';
import type { HealthReports } from '../controller/ask-health.js';
import type { ServerHealthReport, ServiceHealthReport } from '../controller/health-report.js';
import { adviceText } from './health-text.js';
import { counted, shortDuration } from './numbers.js';

/** What a line of the table says of health: columns of a fixed width, and what follows at its end. */
export interface HealthText {
  readonly columns: string;
  readonly note: string;
}

export interface ServiceHealthText extends HealthText {
  readonly ofServer: (server: RealServerKey) => HealthText;
  /** Servers of the declaration that the kernel does not have now, as `address:port`. */
  readonly absent: readonly (HealthText & { readonly server: string })[];
}

const HEADER = columns('HEALTH', 'SINCE', 'WANTED');
const BLANK: HealthText = { columns: columns('', '', ''), note: '' };

/** The columns of the table of `get` that a running controller fills. */
export interface HealthColumns {
  readonly header: string;
  /** Of a line that there is nothing to say about. */
  readonly blank: string;
  /** How long the longest address of a server is that the kernel does not have. */
  readonly widest: number;
  readonly ofService: (key: string) => ServiceHealthText | undefined;
}

export function healthColumns(reports: HealthReports, nowMilliseconds: number): HealthColumns {
  return {
    header: HEADER,
    blank: BLANK.columns,
    widest: widestAbsent(reports),
    ofService: (key) => {
      const report = reports.get(key);
      return report === undefined ? undefined : serviceText(report, nowMilliseconds);
    },
  };
}

function widestAbsent(reports: HealthReports): number {
  let widest = 0;
  for (const { servers } of reports.values()) {
    for (const { server, weight } of servers) if (weight === null) widest = Math.max(widest, server.length);
  }
  return widest;
}

function serviceText(report: ServiceHealthReport, now: number): ServiceHealthText {
  const { healthy, total, servers } = report;
  const texts = new Map(servers.map((server) => [server.server, serverText(server, now)]));
  return {
    columns: columns(report.isLeaving ? 'leaving' : `${healthy}/${total}`, '', ''),
    note: serviceNote(report),
    ofServer: (server) => texts.get(realServerKeyText(server)) ?? BLANK,
    absent: servers
      .filter(({ weight }) => weight === null)
      .map(({ server }) => ({ server, ...(texts.get(server) ?? BLANK) })),
  };
}

function serviceNote({ hasQuorum, sorryServersInUse, keepsClients }: ServiceHealthReport): string {
  const notes = [
    ...(sorryServersInUse ? ['sorry servers stand in'] : hasQuorum ? [] : ['quorum lost']),
    ...(keepsClients ? ['persistent clients come back'] : []),
  ];
  return notes.join(', ');
}

function serverText(report: ServerHealthReport, now: number): HealthText {
  const { state, since, declaredWeight } = report;
  const duration = since === undefined ? '' : shortDuration(now - Date.parse(since));
  const wanted = state === 'Leaving' ? '-' : String(declaredWeight);
  return { columns: columns(state.toLowerCase(), duration, wanted), note: serverNote(report, now) };
}

/** What there is to say besides the columns, and what checks were told. */
function serverNote(report: ServerHealthReport, now: number): string {
  const advice = adviceText(report.checks);
  return [stateNote(report, now), advice].filter(Boolean).join('; ');
}

function stateNote({ state, checks, connections, deadline }: ServerHealthReport, now: number): string {
  switch (state) {
    case 'Failing': {
      const [first] = checks.filter(({ isPassing }) => !isPassing);
      return first === undefined ? '' : [first.code ?? 'not asked yet', first.message].filter(Boolean).join(' ');
    }
    case 'Leaving': {
      const left = connections === undefined ? [] : [counted(connections, 'connection')];
      const time = deadline === undefined ? [] : [`${shortDuration(Math.max(0, Date.parse(deadline) - now))} left`];
      return [...left, ...time].join(', ');
    }
    case 'Drained':
    case 'Passing':
    case 'Sorry':
      return '';
  }
}

/** Of a pool of 1024 servers, and of weights with slow start. */
function columns(health: string, since: string, wanted: string): string {
  return `${health.padEnd(9)}  ${since.padEnd(5)}  ${wanted.padEnd(7)}  `;
}
