import { mapping, text } from '../fields.js';

export const tcp = () =>
  mapping({
    send: text('text to send', 1, 1024).describe('What is sent once connected. Absent: nothing.').optional(),
    expect: text('text to wait for', 1, 1024).describe('What comes then, among other things.').optional(),
  });
