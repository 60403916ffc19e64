import type { KernelService } from '../../model/index.js';
import { renderDirector } from './director.js';
import type { DirectorState } from './director.js';
import { groupServices } from './groups.js';
import { findUnsayable } from './unsayable.js';
import { renderVirtualService } from './virtual-service.js';

export interface RenderedDocuments {
  /** YAML, one document for each object; empty where there is nothing to declare. */
  readonly text: string;
  readonly objectCount: number;
  readonly unsayable: readonly Unsayable[];
}

/** A part of the kernel's state that no document declares, and so is not in the text. */
export interface Unsayable {
  /** The key text of a service; absent for what is not about one. */
  readonly key?: string;
  /** Each in a few words that complete "YAML cannot say …". */
  readonly reasons: readonly string[];
}

/**
 * Documents that declare exactly this table: applying them to the kernel that it was read from changes nothing. A
 * service that they cannot declare as it is, is left out whole, because half of it would be something else.
 */
export function renderDocuments(
  table: ReadonlyMap<string, KernelService>,
  director?: DirectorState,
): RenderedDocuments {
  const unsayable: Unsayable[] = [];
  const sayable: KernelService[] = [];
  for (const [key, service] of table) {
    const reasons = findUnsayable(service);
    if (reasons.length === 0) sayable.push(service);
    else unsayable.push({ key, reasons });
  }
  const texts = groupServices(sayable).map(renderVirtualService);
  if (director !== undefined) {
    const rendered = renderDirector(director);
    if (rendered.text !== '') texts.unshift(rendered.text);
    if (rendered.unsayable.length > 0) unsayable.push({ reasons: rendered.unsayable });
  }
  return { text: texts.join(''), objectCount: texts.length, unsayable };
}
