import { runInNewContext } from "node:vm";
import { parseCloid, parseCoin, parseDecimal, parseOid } from "@cloister/model";
import fc from "fast-check";
import { type AnyEventObject, type AnyStateMachine, createActor, createMachine } from "xstate";
import { describe, expect, it } from "vitest";
import { MACHINES, machineText } from "./machine-text.ts";

const A = parseCloid("0x000000000000000000000000000000a1");
const oid = parseOid(700);
const copy = fc.constantFrom(1, 2);
const atMs = fc.integer({ min: 0, max: 9_000 });
const at = fc.integer({ min: 1_000, max: 9_000 });

/** Events of each machine, of every kind that its edges ask about. */
const EVENTS: Record<(typeof MACHINES)[number]["name"], fc.Arbitrary<AnyEventObject>> = {
  order: fc.oneof(
    fc.record({
      type: fc.constantFrom("venue.accepted", "venue.triggered"),
      oid: fc.constant(oid),
      at,
      source: fc.constant("orderUpdates"),
    }),
    fc.record({
      type: fc.constantFrom("venue.canceled"),
      oid: fc.constant(oid),
      at,
      source: fc.constant("orderUpdates"),
      cause: fc.constant("requested"),
    }),
    fc.record({
      type: fc.constantFrom("venue.filled"),
      oid: fc.constant(oid),
      at,
      source: fc.constant("answer"),
      total: fc.constant(parseDecimal("0.001")),
    }),
    fc.record({
      type: fc.constantFrom("local.withdrawn", "local.refused"),
      cause: fc.constant("withdrawn"),
    }),
    fc.record({
      type: fc.constant("venue.refused"),
      cause: fc.constant("tick"),
      text: fc.constant("tick"),
    }),
    fc.record({ type: fc.constant("proof.neverLanded"), by: fc.constant("noop") }),
    fc.record({ type: fc.constant("proof.absent"), begunAt: at }),
    fc.record({
      type: fc.constantFrom("modify.opened", "modify.closed"),
      id: fc.constantFrom(1, 2),
    }),
    fc.record({
      type: fc.constantFrom("ledger.complete", "ledger.incomplete"),
      oid: fc.constant(oid),
    }),
    fc.constant({ type: "venue.waiting", waitsFor: "trigger" }),
  ),
  request: fc.oneof(
    fc.record({
      type: fc.constantFrom(
        "slot.granted",
        "connection.lost",
        "deadline.passed",
        "engine.restarted",
        "halted",
      ),
      atMs,
    }),
    fc.record({
      type: fc.constant("request.signed"),
      atMs,
      gate: fc.boolean(),
      nonce: fc.constant(7),
      venueTime: fc.constant(1_000),
      expiresAfter: fc.constant(2_000),
    }),
    fc.record({
      type: fc.constant("copy.written"),
      atMs,
      copy,
      mouth: fc.constantFrom("socket", "rest"),
      venueTime: fc.constant(1_000),
    }),
    fc.record({ type: fc.constant("noop.written"), atMs, copy }),
    fc.record({
      type: fc.constant("noop.answered"),
      atMs,
      copy,
      outcome: fc.constantFrom("ok", "nonceSpent"),
    }),
    fc.record({
      type: fc.constant("answer.nonceSpent"),
      atMs,
      copy,
      how: fc.constant("duplicate"),
      text: fc.constant(""),
    }),
    fc.record({
      type: fc.constant("child.landed"),
      atMs,
      child: fc.constant(0),
      oid: fc.constant(oid),
      at,
    }),
  ),
  cancel: fc.oneof(
    fc.record({
      type: fc.constantFrom("slot.granted", "deadline.retry", "engine.restarted"),
      atMs,
      legs: fc.constant({ byOid: [{ coin: "BTC", cloid: A, oid }], byCloid: [], mouth: "rest" }),
    }),
    fc.record({
      type: fc.constantFrom("request.signed", "sign.failed"),
      atMs,
      attempt: copy,
      write: fc.constant("cancel"),
      reason: fc.constant(""),
    }),
    fc.record({
      type: fc.constantFrom("deadline.passed", "connection.lost", "engine.stopped"),
      atMs,
    }),
    fc.record({ type: fc.constant("target.ended"), atMs, cloid: fc.constant(A) }),
  ),
  supervisor: fc.record({
    type: fc.constantFrom(
      "connection.lost",
      "barrier.opened",
      "command.halt",
      "command.resume",
      "load.saturated",
      "load.freed",
      "command.close",
    ),
  }),
  connection: fc.record({
    type: fc.constantFrom(
      "open",
      "subscribed",
      "subscribe.timeout",
      "frame",
      "pong",
      "ping.timeout",
      "channel.silent",
      "closed",
      "backoff.passed",
    ),
    atMs,
    epoch: copy,
    acknowledged: copy,
    wanted: fc.constant(2),
    jitter: fc.constant(0),
  }),
};

/** Evaluates the printed call as the visualizer does, and gives it our guards and actions. */
function recreate(text: string, original: AnyStateMachine): AnyStateMachine {
  const machine: AnyStateMachine = runInNewContext(text, { createMachine });
  return machine.provide(original.implementations);
}

describe("the printed machines", () => {
  it("are all there", () => {
    expect(MACHINES.map(({ name }) => name)).toEqual([
      "order",
      "request",
      "cancel",
      "supervisor",
      "connection",
    ]);
  });

  it.each(MACHINES)(
    "$name: one call of plain text, without a function in it",
    ({ machine, sample }) => {
      const text = machineText(machine, sample());
      expect(text).toMatch(/^createMachine\(\{[^]*\}\)$/);
      const config: unknown = JSON.parse(text.slice("createMachine(".length, -1));
      expect(config).toMatchObject({
        id: machine.id,
        context: JSON.parse(JSON.stringify(sample())),
      });
      // Every name in it is one that we provide.
      const { guards, actions } = machine.implementations;
      for (const [, name = ""] of text.matchAll(/"guard": "(\w+)"/g)) {
        expect(guards).toHaveProperty(name);
      }
      for (const [, name = ""] of text.matchAll(/"actions": "(\w+)"/g)) {
        expect(actions).toHaveProperty(name);
      }
    },
  );

  it.each(MACHINES)(
    "$name: re-created from its text, it behaves the same",
    ({ name, machine, sample }) => {
      const again = recreate(machineText(machine, sample()), machine);
      let moves = 0;
      fc.assert(
        fc.property(fc.array(EVENTS[name], { maxLength: 20 }), (events) => {
          const ours = createActor(machine, { input: inputOf(name, sample()) }).start();
          const theirs = createActor(again).start();
          for (const event of events) {
            const before: unknown = ours.getSnapshot().value;
            ours.send(event);
            theirs.send(event);
            if (ours.getSnapshot().value !== before) moves += 1;
            expect(theirs.getSnapshot().value).toEqual(ours.getSnapshot().value);
            expect(plain(theirs.getSnapshot().context)).toEqual(plain(ours.getSnapshot().context));
          }
        }),
        { numRuns: 200, seed: 20_261_122 },
      );
      expect(moves).toBeGreaterThan(100);
    },
  );
});

/** What starts the original in the sample's context. */
function inputOf(name: string, sample: object): object {
  if (name === "supervisor") return { halted: false };
  if (name !== "order") return sample;
  const terms = {
    coin: parseCoin("BTC"),
    side: "buy",
    price: parseDecimal("64000"),
    size: parseDecimal("0.001"),
    tif: "Alo",
    reduceOnly: false,
  } as const;
  return { cloid: A, terms };
}

/** As JSON carries it: a printed context has no undefined fields. */
function plain(context: unknown): unknown {
  return JSON.parse(JSON.stringify(context));
}
