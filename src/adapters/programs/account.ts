import { readFile } from 'node:fs/promises';
import { UserError } from '../../errors/index.js';

/** Who programs run as. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const ACCOUNTS_FILE = '/etc/passwd';

/** The account of this name, or of numbers such as `65534:65534`. Throws a `UserError` where there is none, or it is root. */
export async function findAccount(name: string): Promise<Account> {
  const account = /^[0-9]+(:[0-9]+)?$/.test(name) ? accountOfNumbers(name) : await readAccount(name);
  if (account === undefined) {
    throw new UserError(`there is no user ${name} in ${ACCOUNTS_FILE}`, { hint: 'name another one with --exec-user' });
  }
  if (account.uid === 0 || account.gid === 0) {
    throw new UserError(`programs are not run as ${name}, who is root or of root's group`, {
      hint: 'name a user without privileges with --exec-user, such as nobody',
    });
  }
  return account;
}

function accountOfNumbers(text: string): Account {
  const [uid = '', gid = uid] = text.split(':');
  return { name: text, uid: Number(uid), gid: Number(gid) };
}

async function readAccount(name: string): Promise<Account | undefined> {
  const lines = (await readFile(ACCOUNTS_FILE, 'utf8')).split('\n').map((line) => line.split(':'));
  const [, , uid, gid] = lines.find(([own]) => own === name) ?? [];
  return uid === undefined || gid === undefined ? undefined : { name, uid: Number(uid), gid: Number(gid) };
}
