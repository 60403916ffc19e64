import { askSocket } from '../../adapters/http/index.js';
import { UserError } from '../../errors/index.js';

const ANSWER_MILLISECONDS = 10_000;

/** What the controller on this socket answers, as JSON. Throws a `UserError` where it does not. */
export async function askController(
  socketPath: string,
  path: string,
  method: 'GET' | 'POST' = 'GET',
): Promise<unknown> {
  const answer = await askSocket(socketPath, path, ANSWER_MILLISECONDS, method);
  switch (answer.kind) {
    case 'Nobody':
      throw new UserError(`no controller runs here: nobody answers on ${socketPath}`, {
        hint: 'start one with `ipvs-operator run -f FOLDER`, or name its --state-dir; `ipvs-operator get` shows the kernel',
      });
    case 'Failure':
      throw new UserError(`cannot ask the controller on ${socketPath}: ${answer.reason}`, {
        hint: answer.reason === 'permission denied' ? 'run as the user that the controller runs as' : 'try again',
      });
    case 'Answer':
      if (answer.status === 200) return JSON.parse(answer.body) as unknown;
      throw new UserError(`the controller on ${socketPath} answers with ${answer.status}: ${answer.body.trim()}`);
  }
}
