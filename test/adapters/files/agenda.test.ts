import { describe, expect, it } from 'vitest';
import { Agenda } from '../../../src/adapters/files/agenda.js';

describe('the agenda of a source of files', () => {
  it('has a renamed file soon, a written one later, a vanished one last', () => {
    for (const [happening, dueAt] of [
      ['Renamed', 10],
      ['Written', 100],
      ['Vanished', 250],
    ] as const) {
      const agenda = new Agenda(10);
      agenda.add('a', happening, 0);
      expect(agenda.take(dueAt - 1)).toEqual([]);
      expect(agenda.take(dueAt)).toEqual(['a']);
      expect(agenda.nextAt()).toBeUndefined();
    }
  });

  it('believes what happened last', () => {
    const agenda = new Agenda(10);
    agenda.add('a', 'Vanished', 0);
    agenda.add('a', 'Renamed', 5);
    expect(agenda.nextAt()).toBe(15);
  });

  it('takes names together that something happens to at the same time', () => {
    const agenda = new Agenda(10);
    for (let i = 0; i < 50; i++) agenda.add(`file-${i}`, 'Renamed', i);
    expect(agenda.take(58)).toEqual([]);
    expect(agenda.take(59)).toHaveLength(50);
  });

  it('does not let a name wait for ever for one that never rests', () => {
    const agenda = new Agenda(10);
    agenda.add('quiet', 'Renamed', 0);
    for (let now = 0; now < 1000; now += 50) agenda.add('restless', 'Written', now);
    expect(agenda.take(999)).toEqual([]);
    expect(agenda.take(1000)).toEqual(['quiet']);
    expect(agenda.size).toBe(1);
  });
});
