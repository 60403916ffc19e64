import { startAgentProbe } from './agent-probe.js';
import { ClientCertificates } from './client-certificates.js';
import { startDnsProbe } from './dns-probe.js';
import { EchoSockets } from './echo-sockets.js';
import { NO_PROGRAMS, startExecProbe } from './exec-probe.js';
import type { Programs } from './exec-probe.js';
import { startGrpcProbe } from './grpc-probe.js';
import { startHttpProbe } from './http-probe.js';
import { startPingProbe } from './ping-probe.js';
import type { StartProbe } from './probe.js';
import { SecureContexts } from './secure-contexts.js';
import { startSmtpProbe } from './smtp-probe.js';
import { startTcpProbe } from './tcp-probe.js';
import { startUdpProbe } from './udp-probe.js';

/** What probes need of this host. */
export interface ProbeEquipment {
  /** The folder of the certificates that are shown to servers; absent: there are none. */
  readonly secretsFolder?: string | undefined;
  /** What runs programs; absent: nothing does. */
  readonly programs?: Programs | undefined;
}

/** Starts probes of every type. */
export function probeStarter({ secretsFolder, programs = NO_PROGRAMS }: ProbeEquipment = {}): StartProbe {
  const contexts = new SecureContexts(new ClientCertificates(secretsFolder));
  const echoes = new EchoSockets();
  return (target, end) => {
    const { method } = target.check;
    switch (method.type) {
      case 'Agent':
        return startAgentProbe(target, method, end);
      case 'DNS':
        return startDnsProbe(target, method, end);
      case 'Exec':
        return startExecProbe(target, method, programs, end);
      case 'GRPC':
        return startGrpcProbe(target, method, contexts, end);
      case 'Ping':
        return startPingProbe(target, method, echoes, end);
      case 'SMTP':
        return startSmtpProbe(target, method, contexts, end);
      case 'TCP':
        return startTcpProbe(target, method, end);
      case 'UDP':
        return startUdpProbe(target, method, end);
      case 'HTTP':
        return startHttpProbe(target, method, contexts, end);
    }
  };
}
