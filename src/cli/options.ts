import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { canonicalAddress, parseMarkRange } from '../model/index.js';
import type { MarkRange } from '../model/index.js';
import { parseLabels } from './node-labels.js';
import type { Labels } from './node-labels.js';

/** What options are called, what they accept, and what they become. */

const DEFAULT_STATE_FOLDER = '/run/ipvs-operator';
const DEFAULT_DATA_FOLDER = '/var/lib/ipvs-operator';
const DEFAULT_CACHE_AGE = '24h';
const DEFAULT_SET = 'default';
const DEFAULT_WAIT_SECONDS = 60;
const DEFAULT_WATCH_SECONDS = 2;
const DEFAULT_RESYNC_SECONDS = 30;
/** A port that no part of Kubernetes uses. */
const DEFAULT_LISTEN_ADDRESS = '127.0.0.1:10265';

export interface FileFlags {
  readonly filename: readonly string[];
  readonly recursive?: true;
}

export function addFileOptions(
  command: Command,
  inputs = 'files, folders, or - for standard input; may be repeated',
): Command {
  return command
    .requiredOption('-f, --filename <path...>', inputs)
    .option('-R, --recursive', 'read the folders inside folders too');
}

/** Which node this is, for objects that are for some nodes only. */
export interface NodeFlags {
  readonly nodeName?: string;
  readonly nodeLabels?: Labels;
}

export function addNodeOptions(command: Command): Command {
  return command
    .option('--node-name <name>', "the node's name (default: NODE_NAME, or the host's name)")
    .option('--node-labels <labels>', "the node's labels for nodeSelectors, as a=b,c=d", parseLabels);
}

/** Where a cluster is, and whether one is followed. */
export interface ClusterFlags extends NodeFlags {
  readonly kubernetes?: true;
  readonly kubeconfig?: string;
  readonly context?: string;
}

function addClusterOptions(command: Command): Command {
  command
    .option('--kubernetes', 'follow the VirtualServices and Directors of a cluster')
    .option(
      '--kubeconfig <file>',
      "how the cluster is reached (default: KUBECONFIG, ~/.kube/config, or the pod's account)",
    )
    .option('--context <name>', 'the context of the kubeconfig (default: the current one)');
  return addNodeOptions(command);
}

/** What `plan` and `apply` are told alike, so that a plan is what apply would do. */
export interface ChangeFlags extends FileFlags, NodeFlags {
  readonly prune?: true;
  readonly set: string;
  readonly allowEmpty?: true;
  readonly adopt?: true;
  readonly maxRemovals?: number;
  readonly stateDir: string;
}

export function addChangeOptions(command: Command): Command {
  addNodeOptions(addFileOptions(command))
    .option('--prune', 'remove the services of objects that are no longer declared, within the set')
    .option('--allow-empty', 'let --prune remove the last service of the set');
  return addOwnershipOptions(command);
}

/** What is whose, and where that is written down. */
export function addOwnershipOptions(command: Command): Command {
  command
    .option('--set <name>', 'the set that these objects belong to', parseSetName, DEFAULT_SET)
    .option('--adopt', 'take over wanted services that someone else made')
    .option('--max-removals <number>', 'how many services may go at once (default: half of ours, or 10)', parseCount);
  return addStateOption(command);
}

/** Where probes and metrics are served. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export function addControllerOptions(command: Command): Command {
  return command
    .option('--resync <seconds>', 'how often to read the whole table', parseResync, DEFAULT_RESYNC_SECONDS)
    .option(
      '--data-dir <folder>',
      'where drains, and the last good state for a start without sources, are kept',
      DEFAULT_DATA_FOLDER,
    )
    .addOption(
      new Option('--cache-maximum-age <duration>', 'how old that may be when it is used, such as 90s, 30m, 24h, 7d')
        .argParser(parseDuration)
        .default(parseDuration(DEFAULT_CACHE_AGE), DEFAULT_CACHE_AGE),
    )
    .option(
      '--check-marks <first-last>',
      'the firewall marks that lead checks of virtual addresses to servers, such as 1048576-1052671; absent: none',
      parseMarks,
    )
    .option('--secrets-dir <folder>', 'where the client certificates of checks are: NAMESPACE/NAME/tls.crt and tls.key')
    .option('--exec-dir <folder>', 'where the programs are that checks and hooks may run; absent: they may run none')
    .option('--exec-user <name>', 'who they are run as: a name, or UID:GID (default: nobody)')
    .option('--hook-command <program>', 'what is told of servers, quorums and drains: its path below --exec-dir')
    .addOption(new Option('--hook-url <url>', 'the same, for a web server').argParser(parseHookUrl))
    .option('--flush-on-exit', 'remove what is ours at the end, instead of leaving the kernel as it is')
    .addOption(
      new Option('--listen <address:port>', 'where /healthz, /readyz and /metrics are; none for nowhere')
        .argParser(parseListenAddress)
        .default(parseListenAddress(DEFAULT_LISTEN_ADDRESS), DEFAULT_LISTEN_ADDRESS),
    )
    .addOption(new Option('--log-format <format>', 'the form of the log').choices(['text', 'json']).default('text'));
}

/** Files as one of several places that documents come from. */
export function addSourceOptions(command: Command): Command {
  command
    .option('-f, --filename <path...>', 'files and folders to follow; may be repeated')
    .option('-R, --recursive', 'read the folders inside folders too');
  return addClusterOptions(command);
}

/** @param wait what `--wait` waits for */
export function addDrainOptions(command: Command, wait: string): Command {
  command
    .option('--service <name>', 'in this virtual service alone: shop/web, web, or "TCP 10.0.0.1:80"')
    .option('--wait', wait)
    .option('--timeout <seconds>', 'how long to wait', parseSeconds, DEFAULT_WAIT_SECONDS);
  return addStateOption(command);
}

export interface StateFlags {
  readonly stateDir: string;
}

export function addStateOption(command: Command): Command {
  return command.option('--state-dir <folder>', 'where the inventory and the control socket are', DEFAULT_STATE_FOLDER);
}

/** `-o`, with its default first. */
export function addOutputOption(command: Command, formats: readonly [string, ...string[]]): Command {
  return command.addOption(new Option('-o, --output <format>', 'the format').choices(formats).default(formats[0]));
}

export function addWatchOption(command: Command): Command {
  return command.addOption(
    new Option('-w, --watch [seconds]', 'show it again and again, every 2 seconds unless told otherwise')
      .argParser(parseSeconds)
      .preset(String(DEFAULT_WATCH_SECONDS)),
  );
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() === '' || !Number.isFinite(seconds) || seconds < 0.1 || seconds > 86_400) {
    throw new InvalidArgumentError('Seconds are expected, from 0.1 to 86400. Names go before --watch.');
  }
  return seconds;
}

function parseCount(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new InvalidArgumentError('A whole number is expected.');
  return Number(text);
}

function parseSetName(text: string): string {
  if (!/^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/.test(text)) {
    throw new InvalidArgumentError('Up to 63 letters, digits, dots, dashes and underscores are expected.');
  }
  return text;
}

function parseResync(text: string): number {
  const seconds = Number(text);
  if (text.trim() === '' || !Number.isFinite(seconds) || seconds < 0.1 || seconds > 86_400) {
    throw new InvalidArgumentError('Seconds are expected, from 0.1 to 86400.');
  }
  return seconds;
}

function parseMarks(text: string): MarkRange {
  const range = parseMarkRange(text);
  if (range === undefined) throw new InvalidArgumentError('Firewall marks are expected, such as 1048576-1052671.');
  return range;
}

function parseHookUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new InvalidArgumentError('A URL that begins with http:// or https:// is expected.');
  }
  return url;
}

const UNIT_SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Gives seconds. */
function parseDuration(text: string): number {
  const [, digits, unit] = /^([0-9]{1,6})([smhd])$/.exec(text) ?? [];
  if (digits === undefined) throw new InvalidArgumentError('A number with s, m, h or d is expected, such as 24h.');
  return Number(digits) * UNIT_SECONDS[unit as keyof typeof UNIT_SECONDS];
}

function parseListenAddress(text: string): ListenAddress | 'none' {
  if (text === 'none') return 'none';
  const match = /^(?:\[([^\]]+)\]|([0-9.]+)):([0-9]{1,5})$/.exec(text);
  const host = canonicalAddress(match?.[1] ?? match?.[2] ?? '');
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535) {
    throw new InvalidArgumentError(
      'An address with a port is expected, such as 127.0.0.1:10265 or [::1]:10265, or none.',
    );
  }
  return { host, port };
}
