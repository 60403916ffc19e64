import { optionNames, quoted } from './grammar.js';
import type { Grammar, GrammarOption } from './grammar.js';

/** A completion script for bash 4 and later, without the bash-completion package. */
export function bashCompletion({ program, options, commands }: Grammar): string {
  const name = `_${program.replaceAll('-', '_')}`;
  const own = [...commands.map((command) => command.name), ...options.flatMap(optionNames)];
  return `# bash completion for ${program}
${name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= word words=
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      ${commands.map((command) => command.name).join('|')}) command=$word; break ;;
    esac
  done
  COMPREPLY=()
  case "$command $previous" in
${commands.flatMap((command) => command.options.flatMap((option) => valueCase(command.name, option))).join('\n')}
  esac
  case $command in
    '') words=${quoted(own.join(' '))} ;;
${commands.map((command) => `    ${command.name}) words=${quoted([...command.words, ...command.options.flatMap(optionNames)].join(' '))} ;;`).join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F ${name} ${program}
`;
}

function valueCase(command: string, option: GrammarOption): readonly string[] {
  const reply = valueReply(option);
  if (reply === undefined) return [];
  const pattern = optionNames(option)
    .map((name) => quoted(`${command} ${name}`))
    .join('|');
  return [`    ${pattern}) ${reply}return ;;`];
}

function valueReply({ value }: GrammarOption): string | undefined {
  switch (value.kind) {
    case 'None':
      return undefined;
    case 'Choice':
      return `mapfile -t COMPREPLY < <(compgen -W ${quoted(value.words.join(' '))} -- "$current"); `;
    case 'File':
      return 'compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current"); ';
    case 'Folder':
      return 'compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$current"); ';
    case 'Other':
      return '';
  }
}
