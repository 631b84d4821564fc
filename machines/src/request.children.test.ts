import { parseCloid } from "@cloister/model";
import { expect, it } from "vitest";
import type { RequestEvent } from "./request.events.ts";
import { openRequest, type RequestFacts } from "./request.facts.ts";
import { learn } from "./request.learn.ts";
import { judge } from "./request.state.ts";
import { type RequestWish, wants } from "./request.wants.ts";

const CLOIDS = ["a1", "b2", "c3"].map((end) => parseCloid(`0x${end.padStart(32, "0")}`));
const GRANTED: RequestEvent = { type: "slot.granted", atMs: 1 };

function batch(): RequestFacts {
  const children = CLOIDS.map((cloid) => ({ cloid }));
  return openRequest({ id: 1, kind: "place", children, commandMs: 0 });
}

function withdraw(
  before: RequestFacts,
  child: number,
): { facts: RequestFacts; wishes: readonly RequestWish[] } {
  const event: RequestEvent = { type: "child.withdrawn", atMs: 5, child };
  const facts = learn(before, event);
  return { facts, wishes: wants(before, event, facts) };
}

it.each([
  ["queued", [], []],
  ["signing", [GRANTED], ["sign"]],
] as const)(
  "situation 28: one of a batch that is %s is withdrawn, and the others go without it",
  (state, events, more) => {
    const { facts, wishes } = withdraw(events.reduce(learn, batch()), 1);
    expect(judge(facts)).toEqual({ state });
    expect(facts.children.map(({ cloid }) => cloid)).toEqual([CLOIDS[0], CLOIDS[2]]);
    expect(wishes.map(({ type }) => type)).toEqual(["tell", "forget", ...more]);
    expect(wishes[0]).toMatchObject({ child: 1, event: { type: "local.withdrawn" } });
  },
);

it("the last that is withdrawn takes the request with it, and each is told once", () => {
  let facts = batch();
  const told: RequestWish[] = [];
  for (const child of [2, 0, 0]) {
    const step = withdraw(facts, child);
    facts = step.facts;
    told.push(...step.wishes.filter(({ type }) => type === "tell"));
  }
  expect(judge(facts)).toMatchObject({ state: "refused", by: "neverSent" });
  expect(told).toHaveLength(3);
});

it("once signed, a child cannot be taken out", () => {
  const signed: RequestEvent = {
    type: "request.signed",
    atMs: 2,
    gate: true,
    nonce: 7,
    venueTime: 1,
  };
  const facts = [GRANTED, signed].reduce(learn, batch());
  expect(withdraw(facts, 0)).toEqual({ facts, wishes: [] });
});
