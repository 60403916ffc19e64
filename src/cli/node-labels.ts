import { InvalidArgumentError } from 'commander';

export type Labels = Readonly<Record<string, string>>;

const KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** Parses `role=edge,example.org/zone=a`. Without text there are no labels. */
export function parseLabels(text: string): Labels {
  const labels: Record<string, string> = {};
  for (const part of text.split(',').filter((label) => label.trim() !== '')) {
    const [key = '', value, ...rest] = part.trim().split('=');
    if (!KEY.test(key) || value === undefined || rest.length > 0 || !VALUE.test(value)) {
      throw new InvalidArgumentError(
        `Labels such as role=edge,example.org/zone=a are expected, found "${part.trim()}".`,
      );
    }
    if (Object.hasOwn(labels, key)) throw new InvalidArgumentError(`The label ${key} is given twice.`);
    labels[key] = value;
  }
  return labels;
}
