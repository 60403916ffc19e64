import { UserError } from '../../src/errors/index.js';
import { NOTHING_STORED } from '../../src/health/index.js';
import type { HealthMemory, StoredHealth } from '../../src/health/index.js';

/** Keeps what outlives a controller for the next one of the same test. */
export class MemoryHealth implements HealthMemory {
  stored: StoredHealth = NOTHING_STORED;
  isFull = false;

  load(): Promise<StoredHealth> {
    return Promise.resolve(JSON.parse(JSON.stringify(this.stored)) as StoredHealth);
  }

  save(health: StoredHealth): Promise<void> {
    if (this.isFull) return Promise.reject(new UserError('the disk is full'));
    this.stored = health;
    return Promise.resolve();
  }
}
