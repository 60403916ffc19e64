interface Entry<T> {
  readonly time: number;
  readonly item: T;
}

/** Items by time, the earliest first. */
export class TimeHeap<T> {
  readonly #entries: Entry<T>[] = [];

  get nextTime(): number | undefined {
    return this.#entries[0]?.time;
  }

  push(time: number, item: T): void {
    const entries = this.#entries;
    const entry = { time, item };
    let i = entries.push(entry) - 1;
    while (i > 0) {
      const above = (i - 1) >> 1;
      const parent = entries[above];
      if (parent === undefined || parent.time <= time) break;
      entries[i] = parent;
      i = above;
    }
    entries[i] = entry;
  }

  pop(): T | undefined {
    const entries = this.#entries;
    const first = entries[0];
    const last = entries.pop();
    if (first === undefined || last === undefined || entries.length === 0) return first?.item;
    let i = 0;
    for (;;) {
      const left = entries[2 * i + 1];
      if (left === undefined) break;
      const right = entries[2 * i + 2];
      const isRight = right !== undefined && right.time < left.time;
      const child = isRight ? right : left;
      if (child.time >= last.time) break;
      entries[i] = child;
      i = 2 * i + (isRight ? 2 : 1);
    }
    entries[i] = last;
    return first.item;
  }
}
