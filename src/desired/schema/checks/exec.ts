import { list, mapping, pattern, text } from '../fields.js';
import { MAXIMUM_ARGUMENTS, PROGRAM_PATTERN, PROGRAM_VARIABLE_PATTERN } from '../limits.js';
import { RULE } from '../rule-texts.js';

const variable = () =>
  mapping({
    // Names that the loader, shells and interpreters look at would let a declaration run what it likes.
    name: pattern('a name in capitals that begins with CHECK_', PROGRAM_VARIABLE_PATTERN, 64).describe('Its name.'),
    value: text('text', 0, 1024).describe('Its value.'),
  });

export const exec = () =>
  mapping(
    {
      command: list(text('a program or an argument', 0, 1024), { minimum: 1, maximum: MAXIMUM_ARGUMENTS }).describe(
        'The program, by its path below --exec-dir, and its arguments. No shell reads them.',
      ),
      environment: list(variable(), { maximum: 16, keys: ['name'] })
        .describe('What the program finds in its environment besides what it is told of the server.')
        .optional(),
    },
    {
      'x-kubernetes-validations': [
        { rule: `self.command.size() == 0 || self.command[0].matches('${PROGRAM_PATTERN}')`, message: RULE.program },
      ],
    },
  );
