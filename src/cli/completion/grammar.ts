import type { Command, Option } from 'commander';

/** What shells can complete, read from the command definitions: so no script can say what the program does not know. */
export interface Grammar {
  readonly program: string;
  readonly options: readonly GrammarOption[];
  readonly commands: readonly GrammarCommand[];
}

export interface GrammarCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly GrammarOption[];
  /** The words that its first argument may be; empty where any may. */
  readonly words: readonly string[];
}

export interface GrammarOption {
  /** `-o`; absent where there is only a long name. */
  readonly short: string | undefined;
  /** `--output` */
  readonly long: string;
  readonly description: string;
  readonly value: OptionValue;
  /** Whether it may be given more than once. */
  readonly repeats: boolean;
}

type OptionValue =
  /** None, or one that may be left out: what follows is completed as if nothing were expected. */
  | { readonly kind: 'None' }
  | { readonly kind: 'Choice'; readonly words: readonly string[] }
  | { readonly kind: 'File' | 'Folder' }
  | { readonly kind: 'Other'; readonly name: string };

export function readGrammar(program: Command): Grammar {
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  return {
    program: program.name(),
    options: help.visibleOptions(program).map(readOption),
    commands: commands.map((command) => ({
      name: command.name(),
      description: command.description(),
      options: help.visibleOptions(command).map(readOption),
      words:
        command.name() === 'help'
          ? commands.map((each) => each.name())
          : (command.registeredArguments[0]?.argChoices ?? []),
    })),
  };
}

function readOption(option: Option): GrammarOption {
  const { short, long, description, variadic: repeats } = option;
  if (long === undefined) throw new Error(`the option ${option.flags} has no long name`);
  return { short, long, description, repeats, value: readValue(option) };
}

function readValue(option: Option): OptionValue {
  if (!option.required) return { kind: 'None' };
  if (option.argChoices !== undefined) return { kind: 'Choice', words: option.argChoices };
  const name = /<([a-z]+)/.exec(option.flags)?.[1] ?? '';
  if (name === 'path') return { kind: 'File' };
  if (name === 'folder') return { kind: 'Folder' };
  return { kind: 'Other', name };
}

/** Both names of an option. */
export function optionNames({ short, long }: GrammarOption): readonly string[] {
  return short === undefined ? [long] : [short, long];
}

/** A text as one word of a POSIX shell, and of fish as long as it holds no backslash. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
