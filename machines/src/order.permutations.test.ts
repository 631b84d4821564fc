import { formatDecimal, type OrderEvent, seededRandom } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { newOrder, type OrderFacts } from "./order.facts.ts";
import { eachFill } from "./order.fills.ts";
import { learn } from "./order.learn.ts";
import { judge, ledgerOf } from "./order.state.ts";
import { CLOID, type Story } from "./order.evidence.fixture.ts";
import { LIVES } from "./order.lives.fixture.ts";
import { MOVES } from "./order.moves.fixture.ts";
import {
  acknowledgedOf,
  feesOf,
  isContradicted,
  leavesOf,
  missingOf,
  worstOf,
} from "./order.views.ts";

const STORIES = [...LIVES, ...MOVES];
const ALL_UP_TO = 5;
const SHUFFLES = 400;

describe("every order of arrival has one end", () => {
  it.each(STORIES.map((story) => [story.name, story] as const))("%s", (_, story) => {
    const told = meaningOf(story.events, story);
    let tried = 0;
    for (const events of arrivals(story)) {
      tried += 1;
      const meaning = meaningOf(events, story);
      if (meaning !== told) expect({ events, meaning }).toEqual({ events, meaning: told });
    }
    expect(tried).toBeGreaterThanOrEqual(Math.min(SHUFFLES, 2 * factorial(story.events.length)));
  });

  it.each(STORIES.map((story) => [story.name, story] as const))("as told: %s", (_, story) => {
    const facts = story.events.reduce(learn, newOrder({ cloid: CLOID, terms: story.terms }));
    const { state, cause, strength } = judge(facts);
    const { end } = story;
    expect(state).toBe(end.state);
    expect(cause).toBe(end.cause ?? cause);
    expect(strength).toBe(cause === "absent" ? "inferred" : "stated");
    expect(isContradicted(facts)).toBe(end.contradicted === true);
    expect(ledgerOf(facts)).toBe(end.ledger ?? ledgerOf(facts));
    const sizes = { filled: facts.filled, missing: missingOf(facts), worst: worstOf(facts) };
    for (const [name, size] of Object.entries(sizes)) {
      const expected = Object.entries(end).find(([key]) => key === name)?.[1];
      expect([name, formatDecimal(size)]).toEqual([name, expected ?? formatDecimal(size)]);
    }
  });

  it("nothing new is nothing done: the second telling returns the same object", () => {
    for (const { events, terms } of STORIES) {
      const facts = events.reduce(learn, newOrder({ cloid: CLOID, terms }));
      for (const event of events) expect(learn(facts, event)).toBe(facts);
    }
  });
});

/** All orders of a short story, many of a long one; each also with repetitions. */
function* arrivals({ events }: Story): Generator<readonly OrderEvent[]> {
  const random = seededRandom(events.length);
  const orders = events.length <= ALL_UP_TO ? permutations(events) : shuffles(events, random);
  for (const order of orders) {
    yield order;
    const repeated = order.filter(() => random.next() < 0.5);
    yield shuffled([...order, ...repeated], random);
  }
}

function* shuffles(
  events: readonly OrderEvent[],
  random: ReturnType<typeof seededRandom>,
): Generator<readonly OrderEvent[]> {
  yield events.toReversed();
  for (let count = 0; count < SHUFFLES; count += 1) yield shuffled(events, random);
}

function* permutations(events: readonly OrderEvent[]): Generator<readonly OrderEvent[]> {
  if (events.length === 0) yield [];
  for (const [index, event] of events.entries()) {
    for (const rest of permutations(events.toSpliced(index, 1))) yield [event, ...rest];
  }
}

function shuffled<Item>(
  items: readonly Item[],
  random: ReturnType<typeof seededRandom>,
): readonly Item[] {
  return items
    .map((item) => ({ item, place: random.next() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

function factorial(of: number): number {
  return of <= 1 ? 1 : of * factorial(of - 1);
}

/** Everything that must not depend on arrival, as text. */
function meaningOf(events: readonly OrderEvent[], story: Story): string {
  const facts = events.reduce<OrderFacts>(learn, newOrder({ cloid: CLOID, terms: story.terms }));
  const fills = [...eachFill(facts.fills)].map(({ key, price, size }) => ({ key, price, size }));
  return JSON.stringify({
    ...facts,
    fills: fills.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    fees: Object.entries(feesOf(facts)).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    judged: judge(facts),
    ledger: ledgerOf(facts),
    acknowledged: acknowledgedOf(facts),
    contradicted: isContradicted(facts),
    leaves: leavesOf(facts),
    missing: missingOf(facts),
    worst: worstOf(facts),
  });
}
