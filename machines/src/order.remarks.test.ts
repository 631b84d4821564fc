import type { OrderEvent, OrderTerms, Remark } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { createActor } from "xstate";
import {
  absent,
  accepted,
  ALO,
  answered,
  canceled,
  CLOID,
  fill,
  filled,
  haltedHere,
  ledger,
  modifyOpened,
  neverLanded,
  reap,
  rejected,
  sent,
  unknownWord,
  withdrawn,
} from "./order.evidence.fixture.ts";
import { orderMachine } from "./order.machine.ts";
import { remarks } from "./order.remarks.ts";

/** What the last event is remarked with, by the contexts of a real actor. */
function remarked(events: readonly OrderEvent[], terms: OrderTerms = ALO): readonly Remark[] {
  const actor = createActor(orderMachine, { input: { cloid: CLOID, terms } }).start();
  return events.reduce<readonly Remark[]>((_, event) => {
    const before = actor.getSnapshot().context;
    actor.send(event);
    return remarks(before, event, actor.getSnapshot().context);
  }, []);
}

const resting = [sent, accepted(11)];

describe("an ordinary life is not remarked", () => {
  it.each<[string, readonly OrderEvent[]]>([
    ["a first fill", [...resting, fill(11, 1, "0.4")]],
    [
      "situation 5: a fill that the stated total owes",
      [sent, filled(11, { total: "1" }), fill(11, 1, "0.4")],
    ],
    ["situation 42: a fill after the word filled", [...resting, filled(11), fill(11, 1, "1")]],
    [
      "situation 43: a fill that the cancel's remainder owes",
      [...resting, canceled(11, { remaining: "0.6" }), fill(11, 1, "0.4")],
    ],
    [
      "a fill from before a cancel that stated nothing",
      [
        ...resting,
        canceled(11, { ...answered, at: 1_200 }),
        fill(11, 1, { size: "0.4", at: 1_150 }),
      ],
    ],
    [
      "situation 32: a fill told again after the end",
      [...resting, fill(11, 1, "1"), fill(11, 1, "1")],
    ],
    [
      "situation 53: the answer to a cancel after its word",
      [...resting, canceled(11), canceled(11, answered)],
    ],
    ["a reap", [sent, rejected(11, "postOnly"), reap]],
  ])("%s", (_, events) => {
    expect(remarked(events)).toEqual([]);
  });
});

describe("remarked", () => {
  it.each<[string, readonly OrderEvent[], readonly Remark[]]>([
    [
      "situation 35: a fill nobody waited for after a cancel",
      [...resting, canceled(11, { remaining: "1" }), fill(11, 1, { size: "0.4", at: 1_300 })],
      ["late"],
    ],
    [
      "situation 35: a fill from after the cancel",
      [...resting, canceled(11, answered), fill(11, 1, { size: "0.4", at: 1_300 })],
      ["late"],
    ],
    [
      "a fill after the ledger was closed",
      [...resting, canceled(11), ledger(11, "complete"), fill(11, 1, "0.4")],
      ["late"],
    ],
    [
      "situation 35: a late fill that completes it",
      [...resting, canceled(11, { remaining: "1" }), fill(11, 1, { size: "1", at: 1_300 })],
      ["late", "contradicted"],
    ],
    [
      "situation 36: a fill after rejected",
      [sent, rejected(11, "postOnly"), fill(11, 1, "0.4")],
      ["late", "contradicted"],
    ],
    [
      "situation 36: a fill after a proof that nothing landed",
      [sent, neverLanded, fill(11, 1, "0.4")],
      ["late", "contradicted", "revived"],
    ],
    ["a proof that nothing landed after it rested", [...resting, neverLanded], ["contradicted"]],
    [
      "situation 33: one trade with another size",
      [...resting, fill(11, 1, "0.4"), fill(11, 1, "0.5")],
      ["otherPrice"],
    ],
    [
      "situation 33: one trade with another price",
      [...resting, fill(11, 1, "0.4"), fill(11, 1, { size: "0.4", price: "1" })],
      ["otherPrice"],
    ],
    [
      "situation 39: more than the size while it lives",
      [...resting, fill(11, 1, "1.5")],
      ["overfill"],
    ],
    [
      "situation 39: more than the size after it was filled",
      [...resting, fill(11, 1, "1"), fill(11, 2, "0.5")],
      ["late", "overfill"],
    ],
    [
      "an absent order that shows itself",
      [...resting, absent(5_000), accepted(11, { at: 5_001 })],
      ["revived"],
    ],
    [
      "situation 39: two legs of one order fill more than was placed, and nobody modified it",
      [...resting, accepted(12), fill(11, 1, "1"), fill(12, 2, "0.5")],
      ["overfill"],
    ],
    ["filled after canceled, by word", [...resting, canceled(11), filled(11)], ["contradicted"]],
    ["situation 99: a word nobody knows", [...resting, unknownWord], ["needsQuery"]],
    ["a local verdict on what was sent", [sent, withdrawn], ["impossible"]],
    ["a local verdict on what rests", [...resting, haltedHere], ["impossible"]],
    ["a reap of what lives", [...resting, reap], ["impossible"]],
    ["a reap with an open ledger", [...resting, canceled(11), reap], ["impossible"]],
    [
      "a reap under an open modify",
      [...resting, modifyOpened(1), filled(11, { total: "0" }), reap],
      ["impossible"],
    ],
  ])("%s", (_, events, expected) => {
    expect(remarked(events)).toEqual(expected);
  });
});

describe("an Ioc that the venue calls filled for the part and canceled for the rest (protocol §16.2)", () => {
  const IOC: OrderTerms = { ...ALO, tif: "Ioc" };
  const part = filled(11, { total: "0.4" });
  const rest = canceled(11, { remaining: "0.6" });

  it.each([
    ["situation 21: the word first", [sent, accepted(11), rest, part]],
    ["situation 21: the answer first", [sent, part, rest]],
  ])("%s: no contradiction", (_, events) => {
    expect(remarked(events, IOC)).toEqual([]);
  });

  it("is contradicted by a rejection", () => {
    expect(remarked([sent, part, rejected(11, "iocNoMatch")], IOC)).toEqual(["contradicted"]);
    expect(remarked([sent, part, rest, rejected(11, "margin")], IOC)).toEqual(["contradicted"]);
  });
});
