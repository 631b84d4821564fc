import { parseCloid } from "@cloister/model";
import { expect, it } from "vitest";
import type { RequestEvent } from "./request.events.ts";
import { openRequest } from "./request.facts.ts";
import { learn } from "./request.learn.ts";
import { judge } from "./request.state.ts";

it("situation 98: noops that are lost for hours are forgotten but the latest, which may still decide", () => {
  const children = [{ cloid: parseCloid(`0x${"a1".padStart(32, "0")}`) }];
  const events: RequestEvent[] = [
    { type: "slot.granted", atMs: 0 },
    { type: "request.signed", atMs: 1, gate: true, nonce: 7, venueTime: 1 },
    { type: "copy.written", atMs: 2, copy: 1, mouth: "socket", venueTime: 1 },
    { type: "deadline.passed", atMs: 3 },
  ];
  for (let copy = 10; copy < 1_010; copy += 1) {
    events.push({ type: "noop.written", atMs: copy, copy });
    events.push({ type: "noop.answered", atMs: copy, copy, outcome: "lost" });
  }
  events.push({ type: "noop.written", atMs: 2_000, copy: 2_000 });
  const facts = events.reduce(learn, openRequest({ id: 1, kind: "place", children, commandMs: 0 }));
  expect(facts.noops.length).toBeLessThanOrEqual(8);
  expect(judge(facts)).toEqual({ state: "closing" });
  const ended = learn(facts, { type: "noop.answered", atMs: 2_001, copy: 2_000, outcome: "ok" });
  expect(judge(ended)).toMatchObject({ state: "settled", by: "noop" });
});
