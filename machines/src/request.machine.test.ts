import { type Oid, parseCloid, parseDecimal, parseOid } from "@cloister/model";
import { createActor } from "xstate";
import { describe, expect, it } from "vitest";
import type { RequestEvent, RequestEventOf, RequestEventType, Verdict } from "./request.events.ts";
import { openRequest, type RequestFacts, type RequestSpec } from "./request.facts.ts";
import { requestMachine } from "./request.machine.ts";
import { judge, type RequestState } from "./request.state.ts";

// "." stays. A word is the next state. Columns name a way into a state, see WAYS.
const TABLE = `
                                 queued   signing  inFlight  half      closing  looking  spent
slot.granted                     signing  .        .         .         .        .        .
request.signed                   .        inFlight .         .         .        .        .
request.signed, gate shut        .        refused  .         .         .        .        .
request.signed, too late         .        refused  .         .         .        .        .
sign.failed                      .        refused  .         .         .        .        .
queue.expired                    refused  .        .         .         .        .        .
command.withdraw                 refused  refused  closing   looking   .        .        .
child.withdrawn, the last        refused  refused  .         .         .        .        .
halted                           refused  refused  closing   looking   .        .        .
send.failed, never               .        .        .         looking   settled  settled  .
send.failed, never, gate shut    .        .        refused   looking   settled  settled  .
send.failed, maybe               .        .        closing   looking   .        .        .
connection.lost                  refused  refused  closing   looking   .        .        .
deadline.passed                  .        refused  closing   looking   .        .        .
answer.admitted, all             .        .        answered  answered  settled  settled  settled
answer.admitted, none            .        .        looking   looking   looking  .        .
answer.notAdmitted               .        .        refused   looking   settled  settled  .
answer.nonceSpent                .        .        looking   looking   looking  .        .
answer.expired                   .        .        refused   looking   settled  settled  .
answer.unknown                   .        .        closing   looking   .        .        .
copy.written                     .        .        .         .         .        .        .
noop.written                     .        .        .         .         .        .        .
noop ok                          .        .        .         .         settled  settled  settled
noop nonceSpent                  .        .        .         .         looking  .        .
noop notAdmitted                 .        .        .         .         .        .        .
noop lost                        .        .        .         .         .        .        .
expiry.passed                    .        .        looking   looking   looking  .        .
expiry.passed, too early         .        .        .         .         .        .        .
expiry.due                       .        .        looking   looking   looking  .        .
child.landed                     .        .        answered  answered  settled  settled  settled
child.landed, older              .        .        .         .         .        .        .
look.found                       .        .        answered  answered  settled  settled  settled
look.found, older                .        .        .         .         .        .        .
look.unknownOid                  .        .        .         .         .        .        .
look.absent                      .        .        .         .         .        .        .
look.failed                      .        .        .         .         .        .        .
look.due                         .        .        .         .         .        .        .
effort.exhausted                 .        .        .         .         .        .        .
engine.restarted                 refused  refused  closing   looking   .        .        .
`;

// The same for bytes written by REST: a proxy may have repeated them, so a refusal decides nothing.
const REST_TABLE = `
                                 inFlight  closing
answer.notAdmitted               closing   .
answer.expired                   closing   .
answer.nonceSpent                looking   looking
answer.admitted, all             answered  settled
send.failed, never               .         settled
`;

const VENUE = 1_000_000;
const A = parseCloid("0x000000000000000000000000000000a1");
const B = parseCloid("0x000000000000000000000000000000b2");
const oid = (n: number): Oid => parseOid(n);
const at = { atMs: 100 };

const granted: RequestEvent = { type: "slot.granted", atMs: 1 };
const signed: RequestEvent = {
  type: "request.signed",
  atMs: 2,
  gate: true,
  nonce: 77,
  venueTime: VENUE,
  expiresAfter: VENUE + 10_000,
};
const written: RequestEvent = {
  type: "copy.written",
  atMs: 2,
  copy: 1,
  mouth: "socket",
  venueTime: VENUE,
};
const late: RequestEvent = { type: "deadline.passed", atMs: 5_000 };
const expired: RequestEventOf<"expiry.passed"> = {
  type: "expiry.passed",
  atMs: 12_100,
  venueTime: VENUE + 12_001,
};
const spent: RequestEvent = {
  type: "answer.nonceSpent",
  atMs: 50,
  copy: 1,
  how: "duplicate",
  text: "duplicate nonce",
};
const landedFirst: RequestEvent = {
  type: "child.landed",
  atMs: 10,
  child: 0,
  oid: oid(500),
  at: VENUE + 10,
};

type Way = { readonly children: number; readonly events: readonly RequestEvent[] };

const WAYS: Record<string, Way> = {
  queued: { children: 1, events: [] },
  signing: { children: 1, events: [granted] },
  inFlight: { children: 1, events: [granted, signed, written] },
  half: { children: 2, events: [granted, signed, written, landedFirst] },
  closing: { children: 1, events: [granted, signed, written, late] },
  looking: { children: 1, events: [granted, signed, written, expired] },
  spent: { children: 1, events: [granted, signed, written, spent] },
};

const STATE_OF: Record<string, RequestState> = { half: "inFlight", spent: "looking" };

const accepted = (n: number): Verdict => ({ kind: "accepted", oid: oid(n), at: VENUE + 20 });

/** The events of a row, for a request of `n` children. */
const EVENTS: Record<string, (n: number) => readonly RequestEvent[]> = {
  "slot.granted": () => [granted],
  "request.signed": () => [signed],
  "request.signed, gate shut": () => [{ ...signed, gate: false }],
  "request.signed, too late": () => [{ ...signed, notAfterMs: 2 }],
  "sign.failed": () => [{ type: "sign.failed", ...at, reason: "no key" }],
  "queue.expired": () => [{ type: "queue.expired", ...at }],
  "command.withdraw": () => [{ type: "command.withdraw", ...at }],
  "child.withdrawn, the last": (n) =>
    Array.from({ length: n }, () => ({ type: "child.withdrawn", ...at, child: 0 }) as const),
  halted: () => [{ type: "halted", ...at }],
  "send.failed, never": () => [sendFailed("never", true)],
  "send.failed, never, gate shut": () => [sendFailed("never", false)],
  "send.failed, maybe": () => [sendFailed("maybe", true)],
  "connection.lost": () => [{ type: "connection.lost", ...at }],
  "deadline.passed": () => [{ type: "deadline.passed", ...at }],
  "answer.admitted, all": (n) => [admitted([accepted(501), accepted(502)].slice(0, n))],
  "answer.admitted, none": (n) => [admitted(n === 1 ? [null] : [null, null])],
  "answer.notAdmitted": () => [
    {
      type: "answer.notAdmitted",
      ...at,
      copy: 1,
      mouth: "socket",
      reason: "throttled",
      text: "429",
    },
  ],
  "answer.nonceSpent": () => [spent],
  "answer.expired": () => [{ type: "answer.expired", ...at, copy: 1, text: "expired" }],
  "answer.unknown": () => [{ type: "answer.unknown", ...at, copy: 1, text: "<html>" }],
  "copy.written": () => [{ ...written, copy: 9 }],
  "noop.written": () => [noopWritten],
  "noop ok": () => [noopWritten, noop("ok")],
  "noop nonceSpent": () => [noopWritten, noop("nonceSpent")],
  "noop notAdmitted": () => [noopWritten, noop("notAdmitted")],
  "noop lost": () => [noopWritten, noop("lost")],
  "expiry.passed": () => [expired],
  "expiry.due": () => [{ ...expired, type: "expiry.due" }],
  "expiry.passed, too early": () => [{ ...expired, venueTime: VENUE + 12_000 }],
  "child.landed": (n) => [{ type: "child.landed", ...at, child: n - 1, oid: oid(900), at: VENUE }],
  "child.landed, older": (n) => [
    { type: "child.landed", ...at, child: n - 1, oid: oid(3), at: VENUE - 1 },
  ],
  "look.found": (n) => [
    { type: "look.found", ...at, child: n - 1, oid: oid(900), at: VENUE + 5, begunAt: 90 },
  ],
  "look.found, older": (n) => [
    { type: "look.found", ...at, child: n - 1, oid: oid(3), at: VENUE - 1, begunAt: 90 },
  ],
  "look.unknownOid": (n) => [{ type: "look.unknownOid", ...at, child: n - 1, begunAt: 90 }],
  "look.absent": (n) => [
    { type: "look.absent", ...at, child: n - 1, begunAt: 90, what: "openOrders" },
  ],
  "look.failed": (n) => [{ type: "look.failed", ...at, child: n - 1 }],
  "look.due": () => [{ type: "look.due", ...at }],
  "effort.exhausted": () => [{ type: "effort.exhausted", ...at }],
  "engine.restarted": () => [{ type: "engine.restarted", ...at }],
};

const EVERY_EVENT: Record<RequestEventType, true> = {
  "slot.granted": true,
  "request.signed": true,
  "sign.failed": true,
  "queue.expired": true,
  "command.withdraw": true,
  "child.withdrawn": true,
  halted: true,
  "copy.written": true,
  "noop.written": true,
  "send.failed": true,
  "connection.lost": true,
  "deadline.passed": true,
  "answer.admitted": true,
  "answer.notAdmitted": true,
  "answer.nonceSpent": true,
  "answer.expired": true,
  "answer.unknown": true,
  "noop.answered": true,
  "expiry.passed": true,
  "expiry.due": true,
  "child.landed": true,
  "look.due": true,
  "look.found": true,
  "look.unknownOid": true,
  "look.absent": true,
  "look.failed": true,
  "effort.exhausted": true,
  "engine.restarted": true,
};

const noopWritten: RequestEvent = { type: "noop.written", atMs: 6_000, copy: 2 };

function noop(outcome: "ok" | "nonceSpent" | "notAdmitted" | "lost"): RequestEvent {
  return { type: "noop.answered", ...at, copy: 2, outcome };
}

function sendFailed(writtenHow: "never" | "maybe", gate: boolean): RequestEvent {
  return { type: "send.failed", ...at, copy: 1, of: "copy", written: writtenHow, gate };
}

function admitted(verdicts: readonly (Verdict | null)[]): RequestEvent {
  return { type: "answer.admitted", ...at, copy: 1, verdicts };
}

function start(children: number, spec: Partial<RequestSpec> = {}): ReturnType<typeof run> {
  const cloids = [{ cloid: A }, { cloid: B }].slice(0, children);
  return run(openRequest({ id: 1, kind: "place", children: cloids, commandMs: 0, ...spec }));
}

/** An actor that is checked after every event: the state is what the facts say. */
function run(facts: RequestFacts): {
  send: (...events: readonly RequestEvent[]) => RequestState;
  facts: () => RequestFacts;
} {
  const actor = createActor(requestMachine, { input: facts }).start();
  return {
    send: (...events) => {
      for (const event of events) {
        const from = actor.getSnapshot().value;
        actor.send(event);
        const { value, context } = actor.getSnapshot();
        expect(value).toBe(judge(context).state);
        if (value !== from) expect(drawnTargets(from, event.type)).toContain(value);
      }
      return actor.getSnapshot().value;
    },
    facts: () => actor.getSnapshot().context,
  };
}

/** The states to which the drawing itself (not the root) leads. */
function drawnTargets(from: RequestState, type: RequestEvent["type"]): readonly string[] {
  const edges: unknown = requestMachine.config.states?.[from]?.on;
  return JSON.stringify(Object.entries(edges ?? {}).filter(([key]) => key === type))
    .split('"target":"')
    .slice(1)
    .map((text) => text.slice(0, text.indexOf('"')));
}

type Cell = { readonly row: string; readonly column: string; readonly next: string };

function cellsOf(table: string): readonly Cell[] {
  const [head = "", ...lines] = table.split("\n").filter((line) => line.trim() !== "");
  const columns = head.trim().split(/\s+/);
  return lines.flatMap((line) => {
    const row = line.slice(0, 33).trim();
    const words = line.slice(33).trim().split(/\s+/);
    expect(words, row).toHaveLength(columns.length);
    return columns.map((column, index) => ({ row, column, next: words[index] ?? "" }));
  });
}

describe("request: state × event", () => {
  it.each(cellsOf(TABLE))("$column · $row → $next", ({ row, column, next }) => {
    const way = WAYS[column];
    const events = EVENTS[row];
    if (way === undefined || events === undefined) throw new Error(`no way to ${column} · ${row}`);
    const request = start(way.children);
    request.send(...way.events);
    const state = STATE_OF[column] ?? column;
    expect(request.send()).toBe(state);
    expect(request.send(...events(way.children))).toBe(next === "." ? state : next);
  });

  it("the table has a row for every event", () => {
    const types = Object.values(EVENTS).flatMap((events) => events(1).map(({ type }) => type));
    expect([...new Set(types)].toSorted()).toEqual(Object.keys(EVERY_EVENT).toSorted());
  });

  it.each(cellsOf(REST_TABLE))("by REST: $column · $row → $next", ({ row, column, next }) => {
    const request = start(1);
    request.send(granted, { ...signed, mouth: "rest" }, { ...written, mouth: "rest" });
    if (column === "closing") request.send(late);
    expect(request.send(...(EVENTS[row]?.(1) ?? []))).toBe(next === "." ? column : next);
  });

  const ENDS: Record<string, readonly RequestEvent[]> = {
    answered: [granted, signed, written, admitted([accepted(501)])],
    settled: [granted, signed, written, late, noopWritten, noop("ok")],
    refused: [granted, { type: "sign.failed", atMs: 5, reason: "no key" }],
  };
  const rows = Object.keys(EVENTS);

  it.each(Object.keys(ENDS))("%s is left by nothing", (end) => {
    for (const row of rows) {
      const request = start(1);
      expect(request.send(...(ENDS[end] ?? []))).toBe(end);
      expect(request.send(...(EVENTS[row]?.(1) ?? [])), row).toBe(end);
    }
  });

  it("a halt lets a modify that only makes smaller go on, in every state", () => {
    for (const { events } of Object.values(WAYS).slice(0, 3)) {
      const child = { cloid: A, oid: oid(400), size: parseDecimal("1") };
      const request = start(1, { kind: "modify", children: [child], downsizing: true });
      const before = request.send(...events);
      expect(request.send({ type: "halted", atMs: 60 })).toBe(before);
    }
  });
});
