import { SecureContexts, startHttpProbe } from './http-probe.js';
import type { StartProbe } from './probe.js';
import { startTcpProbe } from './tcp-probe.js';

/** Starts probes of every type. */
export function probeStarter(): StartProbe {
  const contexts = new SecureContexts();
  return (target, end) => {
    const { method } = target.check;
    switch (method.type) {
      case 'TCP':
        return startTcpProbe(target, method, end);
      case 'HTTP':
        return startHttpProbe(target, method, contexts, end);
    }
  };
}
