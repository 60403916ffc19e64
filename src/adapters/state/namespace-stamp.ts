/** What an inventory is true of: one network namespace of one boot. */
export interface NamespaceStamp {
  readonly bootId: string;
  /** The inode number of /proc/self/ns/net. The kernel uses numbers again once a namespace is gone. */
  readonly namespaceInode: number;
  /** A number that differs between namespaces that had the same inode number; 0 where the kernel does not show it. */
  readonly namespaceSocketInode: number;
}

/** The stamp of the network namespace that this process is in. */
export function readNamespaceStamp(): NamespaceStamp {
  throw new Error('to come');
}
