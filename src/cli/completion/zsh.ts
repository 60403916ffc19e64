import { optionNames, quoted } from './grammar.js';
import type { Grammar, GrammarCommand, GrammarOption } from './grammar.js';

/** A completion script for zsh: to be sourced, or a file `_ipvs-operator` on the fpath. */
export function zshCompletion({ program, options, commands }: Grammar): string {
  const name = `_${program.replaceAll('-', '_')}`;
  return `#compdef ${program}
${name}() {
  local state line
  local -a commands
  _arguments -C ${options.map(optionSpec).join(' ')} '1: :->command' '*:: :->rest'
  case $state in
    command)
      commands=(
${commands.map((command) => `        ${quoted(`${command.name}:${command.description}`)}`).join('\n')}
      )
      _describe command commands
      ;;
    rest)
      case $line[1] in
${commands.map(commandCase).join('\n')}
      esac
      ;;
  esac
}
if [[ $funcstack[1] == ${name} || $funcstack[1] == _${program} ]]; then
  ${name} "$@"
else
  compdef ${name} ${program}
fi
`;
}

function commandCase(command: GrammarCommand): string {
  const words = command.words.length === 0 ? [] : [quoted(`1:${command.name}:(${command.words.join(' ')})`)];
  return `        ${command.name}) _arguments ${[...command.options.map(optionSpec), ...words].join(' ')} ;;`;
}

function optionSpec(option: GrammarOption): string {
  const names = optionNames(option);
  const rest = quoted(`[${escaped(option.description)}]${valueSpec(option)}`);
  const repeats = option.repeats ? "'*'" : '';
  return `${repeats}${names.length === 1 ? names.join('') : `{${names.join(',')}}`}${rest}`;
}

function valueSpec({ value }: GrammarOption): string {
  switch (value.kind) {
    case 'None':
      return '';
    case 'Choice':
      return `:format:(${value.words.join(' ')})`;
    case 'File':
      return ':path:_files';
    case 'Folder':
      return ':folder:_files -/';
    case 'Other':
      return `:${value.name}:`;
  }
}

function escaped(description: string): string {
  return description.replaceAll(/[[\]:\\]/g, String.raw`\$&`);
}
