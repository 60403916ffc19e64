import { Argument, Command } from 'commander';
import type { DrainFlags } from './commands/drain.js';
import type { RunFlags } from './commands/run.js';
import type { StatusFlags } from './commands/status.js';
import type { CliContext, ExitCode } from './context.js';
import { Hangups } from './hangups.js';
import {
  addChangeOptions,
  addControllerOptions,
  addDrainOptions,
  addFileOptions,
  addNodeOptions,
  addOutputOption,
  addOwnershipOptions,
  addSourceOptions,
  addStateOption,
  addWatchOption,
} from './options.js';
import type { ChangeFlags, FileFlags, NodeFlags, StateFlags } from './options.js';
import type { GetFormat } from './output/get-frame.js';
import type { ReportFormat } from './output/structured.js';

export interface Program {
  readonly command: Command;
  /** What the command that ran ended with; 0 before that. */
  readonly exitCode: () => ExitCode;
}

/** Where commander's own words go: help, versions, and what is wrong with the arguments. */
export interface ProgramOutput {
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
}

/**
 * The grammar of the command line, with its help. What a command does is loaded when it runs, so that `get` starts
 * without what `apply` needs.
 */
export function createProgram(context: CliContext, output: ProgramOutput): Program {
  const command = new Command('ipvs-operator')
    .description("Makes the Linux kernel's IPVS table equal to what is declared, and keeps it so.")
    .version(context.version, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'show the help of a command')
    .showHelpAfterError('Add --help to see how it is used.')
    .configureOutput(output)
    .exitOverride();
  let exitCode: ExitCode = 0;
  const runs: Runs =
    (run) =>
    async (...values) => {
      exitCode = await run(...values);
    };
  addPlan(command, context, runs);
  addApply(command, context, runs);
  addRun(command, context, runs);
  addStatus(command, context, runs);
  addDrain(command, context, runs);
  addUndrain(command, context, runs);
  addValidate(command, context, runs);
  addGet(command, context, runs);
  addExport(command, context, runs);
  addCompletion(command, context, runs);
  addVersion(command, context, runs);
  return { command, exitCode: () => exitCode };
}

type Runs = <Values extends unknown[]>(
  run: (...values: Values) => Promise<ExitCode>,
) => (...values: Values) => Promise<void>;

interface OutputFlags<Format extends string> {
  readonly output: Format;
}

function addPlan(program: Command, context: CliContext, runs: Runs): void {
  const command = program.command('plan').description('print what apply would do with the same flags; change nothing');
  addChangeOptions(command).option('--detailed-exitcode', 'exit 2 where there is something to do');
  addOutputOption(command, ['table', 'json', 'yaml'])
    .addHelpText(
      'after',
      examples(
        ['ipvs-operator plan -f services/', 'what would change'],
        ['ipvs-operator plan -f services/ --prune', 'with what is declared no longer'],
        ['ipvs-operator plan -f web.yaml --detailed-exitcode', 'for scripts: 0 nothing to do, 2 changes, 1 an error'],
      ),
    )
    .action(
      runs(async (flags: ChangeFlags & OutputFlags<ReportFormat> & { detailedExitcode?: true }) => {
        const { runPlan } = await import('./commands/plan.js');
        return runPlan({ ...flags, detailedExitCode: flags.detailedExitcode === true }, context);
      }),
    );
}

function addApply(program: Command, context: CliContext, runs: Runs): void {
  const command = program.command('apply').description('make the kernel equal to what the files declare, once');
  addChangeOptions(command).option('--dry-run', 'change nothing, only say what would become of each object');
  addOutputOption(command, ['table', 'json', 'yaml'])
    .addHelpText(
      'after',
      examples(
        ['ipvs-operator apply -f web.yaml', 'one file'],
        ['ipvs-operator apply -f services/ -R --prune --set site', 'a folder is all there is of the set "site"'],
        ['ipvs-operator export | ipvs-operator apply --adopt -f -', 'take over what another tool made'],
      ),
    )
    .action(
      runs(async (flags: ChangeFlags & OutputFlags<ReportFormat> & { dryRun?: true }) => {
        const { runApply } = await import('./commands/apply.js');
        return runApply({ ...flags, dryRun: flags.dryRun === true }, context);
      }),
    );
}

function addRun(program: Command, context: CliContext, runs: Runs): void {
  const command = program
    .command('run')
    .description('keep the kernel equal to what is declared, until SIGTERM; SIGHUP reads everything again');
  addOwnershipOptions(addSourceOptions(command));
  addControllerOptions(command)
    .addHelpText(
      'after',
      examples(
        ['ipvs-operator run -f /etc/ipvs-operator', 'follow a folder'],
        ['ipvs-operator run -f services/ -R --log-format json', 'with the folders inside; a log for programs'],
        ['ipvs-operator run --kubernetes', 'follow the cluster that this host or pod is configured for'],
        ['ipvs-operator run --kubernetes --node-labels role=edge', 'without reading the Node object'],
        ['systemctl reload ipvs-operator', 'SIGHUP: read again, and let go what is held back'],
        ['ipvs-operator status', 'what it is doing'],
      ),
    )
    .action(
      runs(async (flags: RunFlags) => {
        // Without anybody who takes it a SIGHUP ends the process, and what comes now is slow to load.
        const hangups = new Hangups(context);
        const { runController } = await import('./commands/run.js');
        return runController(flags, context, hangups);
      }),
    );
}

function addStatus(program: Command, context: CliContext, runs: Runs): void {
  const command = program
    .command('status')
    .description("print the running controller's own view: sources, rounds, what fails, what is held back");
  addOutputOption(command, ['table', 'json', 'yaml']);
  addStateOption(command)
    .addHelpText(
      'after',
      examples(['ipvs-operator status', 'for people'], ['ipvs-operator status -o json', 'for programs']),
    )
    .action(
      runs(async (flags: StatusFlags) => {
        const { runStatus } = await import('./commands/status.js');
        return runStatus(flags, context);
      }),
    );
}

function addDrain(program: Command, context: CliContext, runs: Runs): void {
  const command = program
    .command('drain')
    .description('take a real server out: it keeps its connections and gets no new ones, until undrain')
    .argument('<server>', 'an address, or address:port');
  addDrainOptions(command, 'wait until it is so in the kernel, and connections have ended')
    .addHelpText(
      'after',
      examples(
        ['ipvs-operator drain 192.168.0.1', 'out of all services, on every port'],
        ['ipvs-operator drain 192.168.0.1:80 --service shop/web', 'out of one'],
        ['ipvs-operator drain 192.168.0.1 --wait --timeout 300', 'and wait until its connections have ended'],
      ),
    )
    .action(
      runs(async (server: string, flags: DrainFlags) => {
        const { runDrain } = await import('./commands/drain.js');
        return runDrain(server, flags, context);
      }),
    );
}

function addUndrain(program: Command, context: CliContext, runs: Runs): void {
  const command = program
    .command('undrain')
    .description('let a real server take new connections again')
    .argument('<server>', 'an address, or address:port');
  addDrainOptions(command, 'wait until it takes connections in every service that declares it')
    .addHelpText('after', examples(['ipvs-operator undrain 192.168.0.1', 'whatever it was taken out of']))
    .action(
      runs(async (server: string, flags: DrainFlags) => {
        const { runUndrain } = await import('./commands/drain.js');
        return runUndrain(server, flags, context);
      }),
    );
}

function addValidate(program: Command, context: CliContext, runs: Runs): void {
  const command = program.command('validate').description('check files; needs neither root nor a kernel with IPVS');
  addNodeOptions(addFileOptions(command));
  addOutputOption(command, ['table', 'json', 'yaml'])
    .addHelpText(
      'after',
      examples(
        ['ipvs-operator validate -f services/', 'all faults of all files, as file:line:column: path: message'],
        ['ipvs-operator validate -f - -o json < web.yaml', 'for programs'],
      ),
    )
    .action(
      runs(async (flags: FileFlags & NodeFlags & OutputFlags<ReportFormat>) => {
        const { runValidate } = await import('./commands/validate.js');
        return runValidate(flags, context);
      }),
    );
}

function addGet(program: Command, context: CliContext, runs: Runs): void {
  const command = program
    .command('get')
    .description('print virtual services and real servers as the kernel has them, with connections and rates')
    .argument('[name...]', 'an object (web, shop/web), an address, an address:port, or "FWM 7"; everything without');
  addOutputOption(command, ['table', 'wide', 'json', 'yaml', 'ipvsadm']);
  addWatchOption(command);
  addStateOption(command)
    .addHelpText(
      'after',
      examples(
        ['ipvs-operator get', 'the whole table'],
        ['ipvs-operator get shop/web -o wide', 'one object, with packets and totals'],
        ['ipvs-operator get 10.0.0.1:80 --watch', 'one service, again every 2 seconds'],
        ['ipvs-operator get -o ipvsadm > saved', 'what ipvsadm -Sn prints and ipvsadm -R reads'],
      ),
    )
    .action(
      runs(async (names: string[], flags: StateFlags & OutputFlags<GetFormat> & { watch?: number }) => {
        const { runGet } = await import('./commands/get.js');
        const watch = flags.watch === undefined ? {} : { watchSeconds: flags.watch };
        return runGet({ names, output: flags.output, stateFolder: flags.stateDir, ...watch }, context);
      }),
    );
}

function addExport(program: Command, context: CliContext, runs: Runs): void {
  const command = program
    .command('export')
    .description("print the kernel's table as VirtualService objects; exit 1 where they cannot say all of it");
  addOutputOption(command, ['yaml', 'json'])
    .addHelpText(
      'after',
      examples(
        ['ipvs-operator export > services.yaml', 'the first step of taking a host over'],
        ['ipvs-operator apply --adopt -f services.yaml', 'the second one: it changes nothing in the kernel'],
      ),
    )
    .action(
      runs(async (flags: OutputFlags<'yaml' | 'json'>) => {
        const { runExport } = await import('./commands/export.js');
        return runExport(flags, context);
      }),
    );
}

function addCompletion(program: Command, context: CliContext, runs: Runs): void {
  program
    .command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      examples(
        ['source <(ipvs-operator completion bash)', 'in this shell'],
        ['ipvs-operator completion bash > /etc/bash_completion.d/ipvs-operator', 'for everyone'],
        ['ipvs-operator completion zsh > "${fpath[1]}/_ipvs-operator"', 'zsh'],
        ['ipvs-operator completion fish > ~/.config/fish/completions/ipvs-operator.fish', 'fish'],
      ),
    )
    .action(
      runs(async (shell: 'bash' | 'zsh' | 'fish') => {
        const { runCompletion } = await import('./commands/completion.js');
        return runCompletion(shell, program, context);
      }),
    );
}

function addVersion(program: Command, context: CliContext, runs: Runs): void {
  program
    .command('version')
    .description('print the version')
    .action(
      runs(async () => {
        await context.stdout.write(`${context.version}\n`);
        return 0;
      }),
    );
}

function examples(...lines: readonly (readonly [command: string, meaning: string])[]): string {
  return `\nExamples:\n${lines.map(([command, meaning]) => `  # ${meaning}\n  ${command}`).join('\n')}`;
}
