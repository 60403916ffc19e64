import { serviceKeyText, subjectOf } from '../model/index.js';
import type { ServiceKey } from '../model/index.js';
import type { Adoption, Change, Plan } from './plan.js';

/** All that a plan does to one service, one daemon, one sysctl or the timeouts. */
export interface SubjectChanges {
  /** Changes of the thing itself. A daemon that starts anew has two. */
  readonly own: Change[];
  readonly servers: Change[];
  adoption?: Adoption;
}

/** By object, then by the subject's text, in the order of the plan. `undefined`: declared nowhere. */
export type ChangesByObject = ReadonlyMap<string | undefined, ReadonlyMap<string, SubjectChanges>>;

export function groupChanges({ changes, adoptions }: Plan): ChangesByObject {
  const groups = new Map<string | undefined, Map<string, SubjectChanges>>();
  const at = (object: string | undefined, subject: string): SubjectChanges => {
    let subjects = groups.get(object);
    if (subjects === undefined) groups.set(object, (subjects = new Map<string, SubjectChanges>()));
    let entry = subjects.get(subject);
    if (entry === undefined) subjects.set(subject, (entry = { own: [], servers: [] }));
    return entry;
  };
  for (const adoption of adoptions) at(adoption.object, adoption.key).adoption = adoption;
  let key: ServiceKey | undefined;
  let entry: SubjectChanges | undefined;
  for (const change of changes) {
    const { operation } = change;
    switch (operation.kind) {
      case 'AddServer':
      case 'EditServer':
      case 'DeleteServer':
        // Changes of one service follow each other and share its key: it is looked up once for all.
        if (entry === undefined || operation.key !== key) entry = at(change.object, serviceKeyText(operation.key));
        key = operation.key;
        entry.servers.push(change);
        break;
      default:
        at(change.object, subjectOf(operation)).own.push(change);
    }
  }
  return groups;
}
