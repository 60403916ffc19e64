import { readFileSync, statSync } from 'node:fs';
import { UserError } from '../../errors/index.js';

/** What an inventory is true of: one network namespace of one boot. */
export interface NamespaceStamp {
  readonly bootId: string;
  /** The inode number of /proc/self/ns/net. The kernel uses a number again once its namespace is gone. */
  readonly namespaceInode: number;
  /**
   * The inode number of the namespace's own routing socket, which comes from a counter and so tells apart namespaces
   * that had the same `namespaceInode`; 0 where the kernel does not show it.
   */
  readonly namespaceSocketInode: number;
}

/** The stamp of the network namespace that this process is in. Throws UserError where /proc does not tell it. */
export function readNamespaceStamp(proc = '/proc'): NamespaceStamp {
  try {
    return {
      bootId: readFileSync(`${proc}/sys/kernel/random/boot_id`, 'latin1').trim(),
      namespaceInode: statSync(`${proc}/self/ns/net`).ino,
      namespaceSocketInode: routingSocketInode(readFileSync(`${proc}/self/net/netlink`, 'latin1')),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`cannot tell which network namespace this is: ${reason}`, {
      hint: `${proc} has to be mounted and readable`,
      cause: error,
    });
  }
}

/**
 * Finds the kernel's side of NETLINK_ROUTE, protocol 0 and port id 0, which lives as long as the namespace. Columns:
 * sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode.
 */
function routingSocketInode(table: string): number {
  for (const line of table.split('\n')) {
    const [, protocol, portId, , , , , , , inode] = line.trim().split(/\s+/);
    if (protocol === '0' && portId === '0') return Number(inode);
  }
  return 0;
}
