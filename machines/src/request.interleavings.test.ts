import { parseCloid, parseOid } from "@cloister/model";
import { expect, it } from "vitest";
import type { NoopOutcome, RequestEvent, Verdict } from "./request.events.ts";
import { openRequest, type RequestFacts } from "./request.facts.ts";
import { learn } from "./request.learn.ts";
import { isLanded, isOver, judge } from "./request.state.ts";

/**
 * Every order in which a socket copy, a REST copy, two noops and a foreign user of the key can reach the venue, any of
 * them lost on the way; every order in which the answers come back, any of them lost; and the order's own stream at
 * every place between them, or never. The first to arrive spends the nonce: that is the truth.
 */
const COPIES = ["socket", "rest"] as const;
const NOOPS = ["noop 1", "noop 2"] as const;
const ARRIVALS = [...COPIES, ...NOOPS, "foreign"] as const;
type Arrival = (typeof ARRIVALS)[number];
type Writer = Exclude<Arrival, "foreign">;
type Fate = "rests" | "is refused";

const ID = { socket: 1, rest: 2, "noop 1": 3, "noop 2": 4 } as const;
const HOUR = 1_000_000;
const ACCEPTED: Verdict = { kind: "accepted", oid: parseOid(500), at: HOUR + 50 };
const REFUSED: Verdict = { kind: "refused", cause: "margin", text: "Insufficient margin" };

/** Every sequence without repetition, of every length. */
function sequences<T>(of: readonly T[]): readonly (readonly T[])[] {
  const longer = of.flatMap((first) =>
    sequences(of.filter((other) => other !== first)).map((rest) => [first, ...rest]),
  );
  return [[], ...longer];
}

function isCopy(arrival: Arrival): arrival is (typeof COPIES)[number] {
  return arrival === "socket" || arrival === "rest";
}

/** Everything written, and doubted from its deadline on. */
function written(): RequestFacts {
  const cloid = parseCloid(`0x${"a1".padStart(32, "0")}`);
  const events: readonly RequestEvent[] = [
    { type: "slot.granted", atMs: 0 },
    { type: "request.signed", atMs: 1, gate: true, nonce: 7, venueTime: HOUR, expiresAfter: HOUR },
    { type: "copy.written", atMs: 2, copy: ID.socket, mouth: "socket", venueTime: HOUR },
    { type: "deadline.passed", atMs: 1_000 },
    { type: "copy.written", atMs: 1_001, copy: ID.rest, mouth: "rest", venueTime: HOUR },
    { type: "noop.written", atMs: 1_600, copy: ID["noop 1"] },
    { type: "noop.written", atMs: 1_601, copy: ID["noop 2"] },
  ];
  const spec = { id: 1, kind: "place", children: [{ cloid }], commandMs: 0 } as const;
  return events.reduce(learn, openRequest({ ...spec, policy: "land" }));
}

function answer(writer: Writer, isFirst: boolean, fate: Fate): RequestEvent {
  const copy = ID[writer];
  const atMs = 2_000;
  if (!isCopy(writer)) {
    const outcome: NoopOutcome = isFirst ? "ok" : "nonceSpent";
    return { type: "noop.answered", atMs, copy, outcome };
  }
  if (isFirst) {
    const verdicts = [fate === "rests" ? ACCEPTED : REFUSED];
    return { type: "answer.admitted", atMs, copy, verdicts };
  }
  return { type: "answer.nonceSpent", atMs, copy, how: "duplicate", text: "duplicate nonce" };
}

const SEEN = { atMs: 2_000, child: 0, oid: parseOid(500), at: HOUR + 50 } as const;
const STREAMED: RequestEvent = { type: "child.landed", ...SEEN };

/** The weather is calm again: the expiry passes and every read tells the truth. */
function truthfulReads(isLive: boolean): readonly RequestEvent[] {
  const passed = { type: "expiry.passed", atMs: 12_000, venueTime: HOUR + 2_001 } as const;
  if (isLive) return [passed, { type: "look.found", ...SEEN, begunAt: 12_001 }];
  const misses = [12_001, 14_001].flatMap((begunAt): readonly RequestEvent[] => [
    { type: "look.unknownOid", atMs: begunAt, child: 0, begunAt },
    { type: "look.absent", atMs: begunAt, child: 0, begunAt, what: "openOrders" },
    { type: "look.absent", atMs: begunAt, child: 0, begunAt, what: "fills" },
  ]);
  return [passed, ...misses];
}

/** Whether it says that nothing came of it. */
function saysDead({ ended, children }: RequestFacts): boolean {
  const [child] = children;
  return ended !== undefined && (child === undefined || !isLanded(child));
}

function check(heard: readonly RequestEvent[], isLive: boolean, story: string): void {
  let facts = START;
  for (const event of [...heard, ...truthfulReads(isLive)]) {
    facts = learn(facts, event);
    if (isLive && saysDead(facts)) expect.fail(`${story}: a live order was read as dead`);
    if (!isLive && facts.children.some(isLanded)) expect.fail(`${story}: a dead one as live`);
  }
  if (!isOver(judge(facts).state)) expect.fail(`${story}: it stays ${judge(facts).state}`);
}

/** The stream may speak at every place, or never. */
function withStream(
  answers: readonly RequestEvent[],
  isLive: boolean,
): readonly (readonly RequestEvent[])[] {
  if (!isLive) return [answers];
  const told = Array.from({ length: answers.length + 1 }, (_, at) =>
    answers.toSpliced(at, 0, STREAMED),
  );
  return [answers, ...told];
}

const START = written();

it.each(["rests", "is refused"] as const)(
  "situation 12: whoever spends the nonce, and whatever answer is heard when: an order that %s is never read wrongly",
  (fate) => {
    let walks = 0;
    for (const arrivals of sequences(ARRIVALS)) {
      const [first] = arrivals;
      const isLive = first !== undefined && isCopy(first) && fate === "rests";
      const writers = arrivals.filter((arrival) => arrival !== "foreign");
      for (const order of sequences(writers)) {
        const answers = order.map((writer) => answer(writer, writer === first, fate));
        for (const heard of withStream(answers, isLive)) {
          walks += 1;
          check(heard, isLive, `${arrivals.join(" → ")}; heard: ${order.join(", ")}`);
        }
      }
    }
    expect(walks).toBeGreaterThan(10_000);
  },
);
