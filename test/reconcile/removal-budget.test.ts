import { expect, test } from 'vitest';
import { RemovalBudget } from '../../src/reconcile/removal-budget.js';

const MINUTE = 60_000;

test('Half of what is ours may go, and ten in any case', () => {
  expect(new RemovalBudget(undefined).limit(100, 0)).toBe(50);
  expect(new RemovalBudget(undefined).limit(4, 0)).toBe(10);
});

test('What went within a minute counts: many small removals are one large one', () => {
  const budget = new RemovalBudget(undefined);
  budget.spend(30, 0);
  expect(budget.limit(70, 1000)).toBe(20);
  budget.spend(20, 1000);
  expect(budget.limit(50, 2000)).toBe(0);
});

test('What went more than a minute ago is forgotten', () => {
  const budget = new RemovalBudget(undefined);
  budget.spend(50, 0);
  expect(budget.limit(50, MINUTE - 1)).toBe(0);
  expect(budget.limit(50, MINUTE)).toBe(25);
});

test('A maximum that was set holds instead, within the same minute', () => {
  const budget = new RemovalBudget(3);
  expect(budget.limit(1000, 0)).toBe(3);
  budget.spend(2, 0);
  expect(budget.limit(1000, 1)).toBe(1);
  budget.spend(2, 1);
  expect(budget.limit(1000, 2)).toBe(0);
});

test('Nothing that went is nothing to remember', () => {
  const budget = new RemovalBudget(0);
  budget.spend(0, 0);
  expect(budget.limit(1000, 0)).toBe(0);
});
