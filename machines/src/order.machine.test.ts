import { isLive, type OrderEvent, type OrderState, seededRandom } from "@cloister/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createActor, StateMachine } from "xstate";
import {
  absent,
  accepted,
  ALO,
  canceled,
  CLOID,
  fill,
  filled,
  haltedHere,
  IOC,
  ledger,
  modifyClosed,
  modifyOpened,
  neverLanded,
  reap,
  refused,
  rejected,
  sent,
  shownLeft,
  STOP_LIMIT,
  STOP_MARKET,
  type Story,
  triggered,
  unknownWord,
  waiting,
  withdrawn,
} from "./order.evidence.fixture.ts";
import { newOrder, type OrderFacts } from "./order.facts.ts";
import { LIVES } from "./order.lives.fixture.ts";
import { learn } from "./order.learn.ts";
import { orderMachine } from "./order.machine.ts";
import { MOVES } from "./order.moves.fixture.ts";
import { remarks } from "./order.remarks.ts";
import { judge } from "./order.state.ts";
import { isContradicted } from "./order.views.ts";

/**
 * The specification: for each event and state the states that can follow. An empty cell: it stays, and the
 * evidence is joined. Any other change is the root's, and remarked.
 */
const TABLE = `
event                | pending                   | untriggered               | resting                           | partiallyFilled  | ended
request.sent         |                           |                           |                                   |                  |
modify.opened        |                           |                           |                                   |                  |
venue.size           |                           |                           |                                   |                  |
venue.unknownWord    |                           |                           |                                   |                  |
local.withdrawn      | canceled                  |                           |                                   |                  |
local.refused        | rejected                  |                           |                                   |                  |
venue.accepted       | resting untriggered       |                           |                                   | filled canceled  |
venue.waiting        | untriggered               |                           |                                   |                  |
venue.triggered      | resting                   | resting                   |                                   |                  |
venue.fill           | partiallyFilled filled    | partiallyFilled filled    | partiallyFilled filled canceled   | filled canceled  |
venue.filled         | filled canceled resting   | filled resting canceled   | filled canceled                   | filled canceled  |
venue.canceled       | canceled                  | canceled                  | canceled filled                   | canceled filled  |
venue.rejected       | rejected canceled         | canceled                  | canceled filled                   | canceled filled  |
venue.refused        | rejected canceled         | canceled                  |                                   |                  |
proof.neverLanded    | rejected                  | rejected                  |                                   |                  |
proof.absent         | rejected canceled         | canceled                  | canceled filled                   | canceled filled  |
modify.closed        |                           |                           | canceled filled                   | canceled filled  |
ledger.complete      | canceled                  |                           | canceled                          | canceled         |
ledger.incomplete    | canceled                  |                           | canceled                          | canceled         |
order.reap           |                           |                           |                                   |                  | reaped
`;

const ENDED = ["filled", "canceled", "rejected"] as const;
const STORIES = [...LIVES, ...MOVES];
const SHUFFLES = 12;

type Cell = { readonly event: string; readonly state: string; readonly next: readonly string[] };

const CELLS: readonly Cell[] = readTable(TABLE);

function readTable(text: string): readonly Cell[] {
  const [header = [], ...rows] = text
    .trim()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
  return rows.flatMap(([event = "", ...cells]) =>
    cells.flatMap((cell, index) => {
      const next = cell.split(" ").filter((word) => word !== "");
      const column = header[index + 1];
      const states = column === "ended" ? ENDED : [column ?? ""];
      return states.map((state) => ({ event, state, next }));
    }),
  );
}

function foreseen(state: string, event: string): readonly string[] {
  return CELLS.find((cell) => cell.state === state && cell.event === event)?.next ?? [];
}

/** More walks of realistic evidence, for edges that the stories do not take. */
const WALKS: readonly Pick<Story, "terms" | "events">[] = [
  { terms: IOC, events: [sent, accepted(11), absent(5_000)] },
  { terms: IOC, events: [sent, accepted(11), filled(11), ledger(11, "incomplete")] },
  { terms: IOC, events: [sent, accepted(11), filled(11), ledger(11, "complete")] },
  { terms: IOC, events: [sent, fill(11, 1, "0.4"), filled(11), ledger(11, "incomplete")] },
  { terms: STOP_MARKET, events: [sent, filled(11), ledger(11, "incomplete")] },
  { terms: STOP_MARKET, events: [sent, accepted(11), filled(11, { total: "0.5" })] },
  { terms: STOP_MARKET, events: [sent, accepted(11), triggered(11), filled(11, { total: "0.5" })] },
  {
    terms: STOP_MARKET,
    events: [sent, accepted(11), triggered(11), filled(11), ledger(11, "complete")],
  },
  { terms: STOP_LIMIT, events: [sent, accepted(11), filled(11)] },
  { terms: STOP_LIMIT, events: [sent, accepted(11), fill(11, 1, "0.4")] },
  { terms: STOP_LIMIT, events: [sent, accepted(11), fill(11, 1, "1")] },
  { terms: STOP_LIMIT, events: [sent, waiting("parent"), triggered(11)] },
  { terms: STOP_LIMIT, events: [sent, waiting("parent"), neverLanded] },
  { terms: STOP_LIMIT, events: [sent, waiting("parent"), absent(5_000)] },
  { terms: STOP_LIMIT, events: [sent, waiting("parent"), refused("margin")] },
  { terms: STOP_LIMIT, events: [sent, accepted(11), absent(5_000)] },
  ...["resting", "partiallyFilled"].flatMap((state) => modified(state === "resting")),
];

/** Two legs, of which the newer one ends or is whole before the older one is heard to have ended. */
function modified(resting: boolean): readonly Pick<Story, "terms" | "events">[] {
  const fills = resting ? [] : [fill(11, 1, "0.1")];
  const before = [
    sent,
    accepted(11),
    ...fills,
    modifyOpened(1),
    accepted(12, { at: 1_100, size: "0.5" }),
  ];
  const whole = fill(12, 2, { size: "0.5", at: 1_120 });
  const stated = filled(12, { total: "0.5" });
  const gone = canceled(12, { at: 1_150, remaining: "0.5" });
  const closed = modifyClosed(1);
  return [
    { terms: ALO, events: [...before, stated, closed, canceled(11)] },
    { terms: ALO, events: [...before, stated, closed, rejected(11, "margin")] },
    { terms: ALO, events: [...before, stated, closed, absent(5_000)] },
    {
      terms: ALO,
      events: [...before, stated, modifyClosed(1, { oid: 12, size: "0.5", replaces: 11 })],
    },
    { terms: ALO, events: [...before, gone, closed, filled(11)] },
    { terms: ALO, events: [...before, gone, closed, filled(11, { total: "1" })] },
    { terms: ALO, events: [...before, gone, closed, fill(11, 3, "0.9"), fill(11, 4, "0.1")] },
    { terms: ALO, events: [...before, gone, canceled(11), closed] },
    { terms: ALO, events: [...before, whole, canceled(11), closed] },
    { terms: ALO, events: [sent, accepted(11), ...fills, rejected(11, "margin", 1_300)] },
    { terms: ALO, events: [sent, accepted(11), ...fills, filled(11)] },
    { terms: ALO, events: [sent, accepted(11), ...fills, absent(5_000)] },
    // The fill on the new leg names no size: its word does.
    {
      terms: ALO,
      events: [sent, fill(11, 1, "0.3"), filled(11, { total: "0.2", size: "0.5" }), accepted(11)],
    },
    {
      terms: ALO,
      events: [
        sent,
        accepted(11),
        modifyOpened(1),
        fill(12, 2, "0.5"),
        canceled(11),
        accepted(12, { size: "0.5" }),
      ],
    },
    {
      terms: ALO,
      events: [
        sent,
        accepted(11),
        fill(12, 2, "0.5"),
        canceled(13),
        canceled(11),
        accepted(12, { size: "0.5" }),
      ],
    },
  ];
}

type Taken = { readonly from: OrderState; readonly event: OrderEvent; readonly to: OrderState };

/** Sends it all to a real actor; the state must be what the facts say after each event. */
function walk({ terms, events }: Pick<Story, "terms" | "events">): readonly Taken[] {
  const actor = createActor(orderMachine, { input: { cloid: CLOID, terms } }).start();
  return events.map((event) => {
    const before = actor.getSnapshot();
    actor.send(event);
    const after = actor.getSnapshot();
    expect(after.value).toBe(judge(after.context).state);
    expectRemarked(before.context, event, after.context);
    return { from: before.value, event, to: after.value };
  });
}

/** A change that the table does not list is remarked; one that it lists is, only if the evidence contradicts itself. */
function expectRemarked(before: OrderFacts, event: OrderEvent, after: OrderFacts): void {
  const [from, to] = [judge(before).state, judge(after).state];
  const found = remarks(before, event, after);
  const alarmed = found.includes("contradicted") || found.includes("revived");
  const contradicts = isContradicted(after) && !isContradicted(before);
  const listed = from === to || foreseen(from, event.type).includes(to);
  expect({ from, event, to, alarmed }).toEqual({
    from,
    event,
    to,
    alarmed: contradicts || !listed,
  });
  expect(found.includes("revived")).toBe(!isLive(from) && isLive(to));
}

function shuffled<Item>(items: readonly Item[], seed: number): readonly Item[] {
  const random = seededRandom(seed);
  const placed = items.map((item) => ({ item, place: random.next() }));
  placed.sort((a, b) => a.place - b.place);
  return placed.map(({ item }) => item);
}

describe("the table", () => {
  it("names every state and every event that the machine draws", () => {
    const drawn = Object.entries(orderMachine.states).flatMap(([state, node]) =>
      [...node.transitions]
        .filter(([event]) => event !== "*")
        .map(([event, edges]) => ({
          event,
          state,
          next: edges.flatMap((edge) => edge.target?.map(({ key }) => key) ?? []),
        })),
    );
    const bySubject = (a: Cell, b: Cell): number =>
      a.state + a.event < b.state + b.event ? -1 : 1;
    const listed = CELLS.filter((cell) => cell.next.length > 0);
    const sorted = (cells: readonly Cell[]): Cell[] =>
      cells
        .map((cell) => ({ ...cell, next: shuffled(cell.next, 0).toSorted() }))
        .toSorted(bySubject);
    expect(sorted(drawn)).toEqual(sorted(listed));
  });

  const taken = [...STORIES, ...WALKS].flatMap((story) => [
    ...walk(story),
    ...Array.from({ length: SHUFFLES }, (_, seed) =>
      walk({ ...story, events: shuffled([...story.events, ...story.events], seed) }),
    ).flat(),
  ]);
  const reaped = STORIES.flatMap((story) =>
    walk({ ...story, events: [...story.events, ledger(11, "incomplete"), reap] }),
  );

  it.each(
    CELLS.filter((cell) => cell.next.length > 0).map(
      (cell) => [cell.state, cell.event, cell.next] as const,
    ),
  )("%s, %s → %s: each is reached by realistic evidence", (state, event, next) => {
    const steps = [...taken, ...reaped].filter(
      (step) => step.from === state && step.event.type === event,
    );
    const reached = new Set<string>(steps.map((step) => step.to));
    expect(next.filter((target) => !reached.has(target))).toEqual([]);
  });

  it("situations 35 and 36: what it does not list is taken by the root, and happens", () => {
    const unlisted = taken.filter(
      ({ from, event, to }) => from !== to && !foreseen(from, event.type).includes(to),
    );
    const kinds = new Set(unlisted.map(({ from, to }) => `${from} → ${to}`));
    expect([...kinds]).toEqual(
      expect.arrayContaining(["canceled → filled", "rejected → resting", "canceled → resting"]),
    );
  });
});

describe("every state hears every event", () => {
  const examples: Readonly<Record<OrderState, Pick<Story, "terms" | "events">>> = {
    pending: { terms: ALO, events: [sent] },
    untriggered: { terms: STOP_LIMIT, events: [sent, accepted(11)] },
    resting: { terms: ALO, events: [sent, accepted(11)] },
    partiallyFilled: { terms: ALO, events: [sent, fill(11, 1, "0.5")] },
    filled: { terms: ALO, events: [sent, filled(11)] },
    canceled: { terms: ALO, events: [sent, canceled(11)] },
    rejected: { terms: ALO, events: [sent, rejected(11, "postOnly")] },
    reaped: { terms: ALO, events: [sent, rejected(11, "postOnly"), reap] },
  };
  const every: readonly OrderEvent[] = [
    sent,
    modifyOpened(1),
    modifyClosed(1),
    modifyClosed(1, { oid: 12, size: "1", replaces: 11 }),
    shownLeft(11, "0.5", 2_000),
    unknownWord,
    withdrawn,
    haltedHere,
    accepted(11),
    accepted(12),
    waiting("trigger"),
    triggered(11),
    fill(11, 9, "0.5"),
    filled(11),
    canceled(11),
    rejected(11, "margin"),
    refused("margin"),
    neverLanded,
    absent(9_000),
    ledger(11, "complete"),
    ledger(11, "incomplete"),
    reap,
  ];

  it.each(Object.entries(examples))("%s", (state, story) => {
    const types = new Set(every.map(({ type }) => type));
    expect(
      [...new Set(CELLS.map((cell) => cell.event))].filter(
        (type) => ![...types].some((each) => each === type),
      ),
    ).toEqual([]);
    expect(walk(story).at(-1)?.to).toBe(state);
    for (const event of every) {
      const to = walk({ ...story, events: [...story.events, event] }).at(-1)?.to;
      expect(to).toBe(
        judge(
          [...story.events, event].reduce(learn, newOrder({ cloid: CLOID, terms: story.terms })),
        ).state,
      );
    }
  });

  it("situation 123: a reaped order still books a fill, and stays reaped", () => {
    const { terms, events } = examples.reaped;
    expect(walk({ terms, events: [...events, fill(11, 1, "0.5")] }).at(-1)?.to).toBe("reaped");
  });
});

const oid = fc.constantFrom(11, 12, 13);
const size = fc.constantFrom("0.1", "0.5", "1", "1.5");
const at = fc.integer({ min: 1_000, max: 1_020 });
const cause = fc.constantFrom("requested", "replaced", "margin", "selfTrade", "iocNoMatch");

/** Anything at all, contradictions included. */
const anyEvent: fc.Arbitrary<OrderEvent> = fc.oneof(
  fc.constantFrom(
    sent,
    unknownWord,
    withdrawn,
    haltedHere,
    neverLanded,
    waiting("parent"),
    waiting("trigger"),
  ),
  fc.constantFrom(refused("margin"), refused("iocNoMatch")),
  fc.integer({ min: 1, max: 3 }).map(modifyOpened),
  fc.integer({ min: 1, max: 3 }).map((id) => modifyClosed(id)),
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), oid, oid, size)
    .map(([id, to, from, landed]) => modifyClosed(id, { oid: to, size: landed, replaces: from })),
  fc
    .record({ oid, size, at, named: fc.boolean() })
    .map((told) =>
      accepted(told.oid, told.named ? { at: told.at, size: told.size } : { at: told.at }),
    ),
  fc.tuple(oid, size, at).map(([leg, left, begunAt]) => shownLeft(leg, left, begunAt)),
  fc.tuple(oid, at).map(([leg, when]) => triggered(leg, when)),
  fc
    .tuple(oid, fc.integer({ min: 1, max: 6 }))
    .map(([leg, tid]) => fill(leg, tid, tid % 2 === 0 ? "0.3" : "0.5")),
  fc.tuple(oid, at).map(([leg, when]) => filled(leg, { at: when })),
  fc.tuple(oid, at, size).map(([leg, when, total]) => filled(leg, { at: when, total })),
  fc.tuple(oid, at, cause).map(([leg, when, why]) => canceled(leg, { at: when, cause: why })),
  fc.tuple(oid, at, size).map(([leg, when, remaining]) => canceled(leg, { at: when, remaining })),
  fc.tuple(oid, at).map(([leg, when]) => rejected(leg, "postOnly", when)),
  at.map(absent),
  fc
    .tuple(oid, fc.constantFrom("complete" as const, "incomplete" as const))
    .map(([leg, how]) => ledger(leg, how)),
);
const anyTerms = fc.constantFrom(ALO, IOC, STOP_LIMIT, STOP_MARKET, { ...ALO, reduceOnly: true });

describe("whatever is said, in whatever order", () => {
  it("the state is what the facts mean, and nothing unforeseen goes unremarked", () => {
    const reapToo = fc.oneof(
      { weight: 20, arbitrary: anyEvent },
      { weight: 1, arbitrary: fc.constant(reap) },
    );
    fc.assert(
      fc.property(anyTerms, fc.array(reapToo, { maxLength: 25 }), (terms, events) => {
        walk({ terms, events });
      }),
      { seed: 20, numRuns: 400 },
    );
  });

  it("the facts are the same for any arrival, with any repetition", () => {
    fc.assert(
      fc.property(
        anyTerms,
        fc.array(anyEvent, { maxLength: 14 }),
        fc.nat(),
        (terms, events, seed) => {
          const one = events.reduce<OrderFacts>(learn, newOrder({ cloid: CLOID, terms }));
          const other = shuffled([...events, ...events], seed).reduce<OrderFacts>(
            learn,
            newOrder({ cloid: CLOID, terms }),
          );
          expect({ ...other, fills: other.fills.count, fees: [] }).toEqual({
            ...one,
            fills: one.fills.count,
            fees: [],
          });
          expect(judge(other)).toEqual(judge(one));
        },
      ),
      { seed: 21, numRuns: 1_500 },
    );
  });

  it("facts survive JSON", () => {
    fc.assert(
      fc.property(
        anyTerms,
        fc.array(anyEvent, { maxLength: 14 }),
        anyEvent,
        (terms, events, last) => {
          const facts = events.reduce<OrderFacts>(learn, newOrder({ cloid: CLOID, terms }));
          const revived = JSON.parse(JSON.stringify(facts)) as OrderFacts;
          expect(judge(revived)).toEqual(judge(facts));
          expect(learn(revived, last)).toEqual(learn(facts, last));
        },
      ),
      { seed: 22, numRuns: 300 },
    );
  });
});

describe("the drawing", () => {
  it("is plain JSON, and drawn anew from it the machine behaves the same", () => {
    const { context: _, ...drawing } = orderMachine.config;
    const text = JSON.stringify(drawing);
    expect(JSON.parse(text)).toEqual(drawing);
    const config = JSON.parse(text) as typeof drawing;
    for (const { terms, events } of STORIES) {
      const context = newOrder({ cloid: CLOID, terms });
      const redrawn = createActor(
        new StateMachine({ ...config, context }, orderMachine.implementations),
      ).start();
      for (const event of events) redrawn.send(event);
      const original = walk({ terms, events }).at(-1)?.to;
      expect(redrawn.getSnapshot().value).toBe(original);
    }
  });

  it("begins pending, with what it was given", () => {
    const input = { cloid: CLOID, terms: ALO, tag: "mm-1" };
    const snapshot = createActor(orderMachine, { input }).getSnapshot();
    expect(snapshot.value).toBe("pending");
    expect(snapshot.context).toEqual(newOrder(input));
  });
});
