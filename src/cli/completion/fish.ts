import { quoted } from './grammar.js';
import type { Grammar, GrammarOption } from './grammar.js';

/** A completion script for fish 3 and later. */
export function fishCompletion({ program, options, commands }: Grammar): string {
  const start = `complete -c ${program}`;
  const lines = [`${start} -f`];
  for (const option of options) lines.push(`${start} -n __fish_use_subcommand ${optionWords(option)}`);
  for (const command of commands) {
    const seen = quoted(`__fish_seen_subcommand_from ${command.name}`);
    lines.push(`${start} -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.description)}`);
    if (command.words.length > 0) lines.push(`${start} -n ${seen} -a ${quoted(command.words.join(' '))}`);
    for (const option of command.options) lines.push(`${start} -n ${seen} ${optionWords(option)}`);
  }
  return `# fish completion for ${program}\n${lines.join('\n')}\n`;
}

function optionWords(option: GrammarOption): string {
  const short = option.short === undefined ? '' : `-s ${option.short.slice(1)} `;
  return `${short}-l ${option.long.slice(2)}${valueWords(option)} -d ${quoted(option.description)}`;
}

function valueWords({ value }: GrammarOption): string {
  switch (value.kind) {
    case 'None':
      return '';
    case 'Choice':
      return ` -x -a ${quoted(value.words.join(' '))}`;
    case 'File':
      return ' -r -F';
    case 'Folder':
      return ` -x -a '(__fish_complete_directories)'`;
    case 'Other':
      return ' -x';
  }
}
