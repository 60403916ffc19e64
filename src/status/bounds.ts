/** What the CRDs allow, and what an object with very many keys may cost. */
export const MAXIMUM_DIRECTORS = 64;
const MAXIMUM_MESSAGE_LENGTH = 1024;
const NAMED_ITEMS = 5;

/** Names the first few of many: `a, b, c, d, e and 7 more`. */
export function nameSome(names: readonly string[]): string {
  const more = names.length - NAMED_ITEMS;
  return more > 0 ? `${names.slice(0, NAMED_ITEMS).join(', ')} and ${more} more` : names.join(', ');
}

export function joinMessages(messages: readonly string[]): string {
  const text = messages.filter((message) => message !== '').join('; ');
  return text.length <= MAXIMUM_MESSAGE_LENGTH ? text : `${text.slice(0, MAXIMUM_MESSAGE_LENGTH - 1)}…`;
}
