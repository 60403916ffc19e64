import { mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApiServer } from '../cluster/api-server.js';
import type { ApiServer } from '../cluster/api-server.js';
import { run, runWell } from '../e2e/process.js';
import type { Outcome, Running } from '../e2e/process.js';
import { openWorkplace } from '../e2e/product.js';
import type { Workplace } from '../e2e/product.js';
import { keyText, NAMESPACE, objectOf, textOf } from './services.js';
import type { Service } from './services.js';
import type { Sampler } from './sampler.js';
import type { Damage, Step, WritingOfFiles } from './steps.js';

const API = '/apis/ipvs-operator.io/v1alpha1';
const NODE = 'chaos';
/** So that what others did is found in seconds. */
const RESYNC_SECONDS = 2;
const A_DAY_SECONDS = 86_400;
const ANSWERED_WITHIN_MILLISECONDS = 120_000;
const DONE_BEFORE: Readonly<Record<string, number>> = { DELETE: 404, POST: 409 };

/** A controller that follows a folder and a cluster, on this network namespace's table, and all that can happen to it. */
export class Stage {
  readonly #workplace: Workplace;
  readonly #server: ApiServer;
  readonly #sampler: Sampler;
  readonly #startedAt = { epochMilliseconds: Date.now(), milliseconds: performance.now() };
  #controller: Running | undefined;
  /** What it was when nobody had ended it. */
  #unasked: Outcome | undefined;
  #apiServer: 'Up' | 'Killed' | 'Frozen' = 'Up';

  private constructor(workplace: Workplace, server: ApiServer, sampler: Sampler) {
    this.#workplace = workplace;
    this.#server = server;
    this.#sampler = sampler;
  }

  static async open(services: Iterable<Service>, sampler: Sampler): Promise<Stage> {
    const [workplace, server] = await Promise.all([openWorkplace(), startApiServer()]);
    const stage = new Stage(workplace, server, sampler);
    await mkdir(stage.#folder);
    await stage.#create('namespaces', 'Namespace', NAMESPACE);
    await stage.#create('nodes', 'Node', NODE);
    for (const service of services) await stage.#declare(service, 'Renamed');
    stage.#startController();
    return stage;
  }

  async perform(step: Step): Promise<void> {
    switch (step.kind) {
      case 'Pause':
        await sleep(step.milliseconds);
        return;
      case 'Declare':
        await this.#declare(step.service, step.how);
        return;
      case 'Withdraw':
        this.#sampler.release(keyText(step.service));
        await this.#withdraw(step.service);
        return;
      case 'HalfWrite':
        await this.#halfWrite(step.service, step.share, step.milliseconds);
        return;
      case 'LoseFile':
        this.#sampler.release(keyText(step.service));
        await this.#withdraw(step.service);
        await sleep(step.milliseconds);
        await this.#declare(step.service, 'Renamed');
        return;
      case 'LoseFolder':
        await rename(this.#folder, `${this.#folder}.lost`);
        await sleep(step.milliseconds);
        await rename(`${this.#folder}.lost`, this.#folder);
        return;
      case 'KillController':
        await this.#killController();
        await sleep(step.milliseconds);
        this.#startController();
        return;
      case 'DamageCache':
        await this.#killController();
        await this.#damageCache(step.damage);
        this.#startController();
        return;
      case 'KillApiServer':
        await this.#server.stop();
        this.#apiServer = 'Killed';
        return;
      case 'FreezeApiServer':
        this.#server.pause();
        this.#apiServer = 'Frozen';
        return;
      case 'Meddle':
        if (step.harm === 'Gap') this.#sampler.release(keyText(step.service));
        // It fails where the table has not what it is about: that is a round like others.
        await run(['ipvsadm', '-R'], { stdin: step.line });
        return;
      case 'AddForeign':
        await runWell(['ipvsadm', '-R'], { stdin: step.lines.join('\n') });
        return;
      case 'RemoveForeign':
        await runWell(['ipvsadm', '-D', ...(step.lines[0] ?? '').split(' ').slice(1, 3)]);
        return;
      case 'Flush':
        this.#sampler.releaseAll();
        await runWell(['ipvsadm', '-C']);
        return;
      case 'SetClock':
        await this.#setClock(step.offsetSeconds);
        return;
    }
  }

  /** Brings back what is still away at the end of a round. */
  async heal(): Promise<void> {
    if (this.#apiServer === 'Frozen') this.#server.resume();
    if (this.#apiServer === 'Killed') {
      await this.#server.start();
      // It answers a moment before it knows the resources that are defined in it.
      await this.#untilSuccess('GET', `${API}/virtualservices`);
    }
    this.#apiServer = 'Up';
  }

  /** Sorted. */
  async readLines(): Promise<readonly string[]> {
    const saved = await runWell(['ipvsadm', '-Sn']);
    return saved
      .split('\n')
      .filter((line) => line !== '')
      .sort();
  }

  /** The names of the objects in the cluster that are not Ready, as they were last written. */
  async unreadyObjects(): Promise<readonly string[]> {
    const body = await this.#untilSuccess('GET', `${API}/namespaces/${NAMESPACE}/virtualservices`);
    return (body as { readonly items: readonly ClusterObject[] }).items
      .filter(({ metadata, status }) => {
        const ready = status?.conditions?.find(({ type }) => type === 'Ready');
        return ready?.status !== 'True' || ready.observedGeneration !== metadata.generation;
      })
      .map(({ metadata }) => metadata.name);
  }

  /** How a controller ended that nobody had ended: it has a bug. */
  get ended(): Outcome | undefined {
    return this.#unasked;
  }

  /** What the controller says of itself, and where the kernel has its threads. */
  async examineController(): Promise<string> {
    const { stdout, stderr } = await this.#workplace.operator(['status']);
    const tasks = `/proc/${this.#controller?.pid ?? 'self'}/task`;
    const threads = await Promise.all(
      (await readdir(tasks).catch(() => [])).map(async (id) => {
        const [name, stack] = await Promise.all(
          ['comm', 'stack'].map((file) => readFile(join(tasks, id, file), 'utf8').catch(String)),
        );
        return `${name?.trim() ?? ''}: ${stack?.replaceAll('\n', ' ') ?? ''}`;
      }),
    );
    return [stdout, stderr, ...threads].join('\n');
  }

  async close(): Promise<Outcome | undefined> {
    this.#controller?.kill('SIGTERM');
    const outcome = await this.#controller?.outcome;
    await this.#server.close();
    await this.#workplace.remove();
    return outcome;
  }

  get #folder(): string {
    return join(this.#workplace.folder, 'services');
  }

  #path(service: Service): string {
    return join(this.#folder, `${service.name}.yaml`);
  }

  #startController(): void {
    const cluster = ['--kubernetes', '--kubeconfig', this.#server.kubeconfig('controller'), '--node-name', NODE];
    const flags = ['-f', 'services', ...cluster, '--listen', 'none', '--resync', String(RESYNC_SECONDS)];
    const controller = this.#workplace.startOperator(['run', ...flags], { timeoutSeconds: A_DAY_SECONDS });
    this.#controller = controller;
    void controller.outcome.then((outcome) => {
      if (this.#controller === controller) this.#unasked = outcome;
    });
  }

  async #killController(): Promise<void> {
    const controller = this.#controller;
    this.#controller = undefined;
    controller?.kill();
    await controller?.outcome;
  }

  async #declare(service: Service, how: WritingOfFiles): Promise<void> {
    if (service.place === 'Object') {
      const query = 'fieldManager=chaos&force=true&fieldValidation=Strict';
      const path = `${API}/namespaces/${NAMESPACE}/virtualservices/${service.name}?${query}`;
      await this.#untilSuccess('PATCH', path, objectOf(service), 'application/apply-patch+yaml');
    } else if (how === 'InPlace') {
      await writeFile(this.#path(service), textOf(service));
    } else {
      await this.#workplace.write('new', textOf(service));
      await rename(join(this.#workplace.folder, 'new'), this.#path(service));
    }
  }

  async #withdraw(service: Service): Promise<void> {
    if (service.place === 'File') await rm(this.#path(service));
    else await this.#untilSuccess('DELETE', `${API}/namespaces/${NAMESPACE}/virtualservices/${service.name}`);
  }

  async #halfWrite(service: Service, share: number, milliseconds: number): Promise<void> {
    const text = textOf(service);
    // Less than this declares nothing, or something that is none, as all but the last bracket does. Nothing at all is a
    // fault to a controller that knew the file, and none to one that was just started.
    const least = text.indexOf('metadata');
    const most = text.lastIndexOf(']');
    await writeFile(this.#path(service), text.slice(0, least + Math.floor(share * (most - least))));
    await sleep(milliseconds);
    await writeFile(this.#path(service), text);
  }

  async #damageCache(damage: Damage): Promise<void> {
    const folder = join(this.#workplace.folder, 'data');
    const names = await readdir(folder).catch(() => []);
    for (const path of names.map((name) => join(folder, name))) {
      const content = await readFile(path);
      if (damage === 'Deleted') await rm(path);
      else if (damage === 'Emptied') await truncate(path);
      else if (damage === 'Cut') await truncate(path, Math.floor(content.length / 2));
      else await writeFile(path, content.fill('?', Math.floor(content.length / 3), Math.floor(content.length / 2)));
    }
  }

  async #setClock(offsetSeconds: number): Promise<void> {
    const elapsed = performance.now() - this.#startedAt.milliseconds;
    const seconds = Math.round((this.#startedAt.epochMilliseconds + elapsed) / 1000) + offsetSeconds;
    await runWell(['date', '-s', `@${seconds}`]);
  }

  async #create(plural: string, kind: string, name: string): Promise<void> {
    await this.#untilSuccess('POST', `/api/v1/${plural}`, { apiVersion: 'v1', kind, metadata: { name } });
  }

  /** An API server that has just started refuses some things for a moment, or is slow to answer. */
  async #untilSuccess(...request: Parameters<ApiServer['request']>): Promise<unknown> {
    const deadline = performance.now() + ANSWERED_WITHIN_MILLISECONDS;
    for (;;) {
      const answer = await this.#server.request(...request).catch((error: unknown) => String(error));
      // What was done though nobody heard the answer is not there any more, or is there already.
      if (typeof answer !== 'string' && (answer.status < 300 || answer.status === DONE_BEFORE[request[0]])) {
        return answer.body;
      }
      if (performance.now() > deadline) {
        throw new Error(`${request.slice(0, 2).join(' ')}: ${JSON.stringify(answer)}`);
      }
      await sleep(100);
    }
  }
}

interface ClusterObject {
  readonly metadata: { readonly name: string; readonly generation: number };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly observedGeneration?: number;
    }[];
  };
}
