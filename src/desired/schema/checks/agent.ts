import { mapping, text } from '../fields.js';

export const agent = () =>
  mapping({
    send: text('text to send', 1, 1024)
      .describe('What is sent once connected, a line feed included. Absent: nothing.')
      .optional(),
  });
