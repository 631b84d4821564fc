import { describe, expect, it } from "vitest";
import { ALICE, signedEnvelope } from "../desk.fixture.ts";
import { type Choices, CHOICES } from "./choices.ts";
import { GROUP_STORIES } from "./group-choices.stories.ts";
import { MONEY_STORIES } from "./money-choices.stories.ts";
import { ORDER_STORIES } from "./order-choices.stories.ts";
import { bid, inShort, modify, rests, stage, type Story } from "./story.fixture.ts";
import { WIRE_STORIES } from "./wire-choices.stories.ts";

const STORIES: Readonly<Record<keyof Choices, Story<string>>> = {
  ...GROUP_STORIES,
  ...MONEY_STORIES,
  ...ORDER_STORIES,
  ...WIRE_STORIES,
};

const rows = Object.entries(STORIES).flatMap(([name, story]) =>
  Object.entries(story.words).map(([word, told]) => ({ name, word, story, told })),
);

describe("what is not established is a choice (protocol §16)", () => {
  it("has a story for every word", () => {
    const told = rows.map(({ name, word }) => `${name}: ${word}`);
    const known = Object.entries(CHOICES).flatMap(([name, { words }]) =>
      words.map((word) => `${name}: ${word}`),
    );
    expect(told.toSorted()).toEqual(known.toSorted());
  });

  it.each(rows)("$name: $word", ({ name, word, story, told }) => {
    expect(story.tell({ [name]: word })).toEqual(told);
  });

  it.each(Object.entries(CHOICES))("%s is its first word unless told", (name, { words }) => {
    const story = Object.entries(STORIES).find(([one]) => one === name)?.[1];
    expect(story?.tell({})).toEqual(story?.words[words[0]]);
  });
});

describe("numbers that are not established", () => {
  it.each([
    [0, { low: "ok", high: "ok" }],
    [120_000, { low: "err", high: "err" }],
  ])("nonceMarginMs %i", (nonceMarginMs, told) => {
    const { alice } = stage({ nonceMarginMs });
    const day = 86_400_000;
    const answer = (nonce: number) =>
      (alice.act({ type: "noop" }, { nonce }) as { status: string }).status;
    const nowMs = alice.clock.wallMs();
    expect({ low: answer(nowMs - 2 * day + 60_000), high: answer(nowMs + day - 60_000) }).toEqual(
      told,
    );
  });

  it.each([
    [1, ["open 1.0", "open 2.0,canceled 1.0"]],
    [1_000, []],
    [4, ["open 1.0,open 2.0,canceled 1.0"]],
  ])("updatesBlocks %i", (updatesBlocks, told) => {
    const { at, alice } = stage({ updatesBlocks });
    while ((at.clock.monotonicMs() / 80) % 4 > 0.1) at.clock.advanceBy(1);
    alice.forget();
    modify(alice, rests(alice, bid("2000", "1")), bid("2001", "2"));
    alice.pass(4);
    const messages = alice.heard("orderUpdates").map((data) => inShort([data].flat()).join());
    expect(messages).toEqual(told);
  });

  it.each([
    [undefined, 200],
    [3, 3],
    [250, 250],
  ])("ordersPerAction %s", (ordersPerAction, most) => {
    const { alice } = stage(ordersPerAction === undefined ? {} : { ordersPerAction });
    const orders = Array.from({ length: most }, () => bid("2000", "0.01"));
    const action = { type: "order", orders, grouping: "na" };
    expect(alice.act({ ...action, orders: [...orders, bid("2000", "0.01")] })).toEqual({
      status: "err",
      response: `Signed action over weight limit of ${most}.`,
    });
    expect(alice.act(action)).toMatchObject({ status: "ok" });
  });

  it.each([
    [undefined, 3],
    [2, 2],
    [0, 0],
  ])("snapshotFills %s", (snapshotFills, count) => {
    const { alice } = stage(snapshotFills === undefined ? {} : { snapshotFills });
    for (const s of ["0.1", "0.2", "0.3"]) alice.place(bid("2080.5", s));
    alice.subscribe({ type: "userFills", user: ALICE });
    const [snapshot] = alice.heard("userFills") as { fills: { sz: string }[] }[];
    expect(snapshot?.fills.map(({ sz }) => sz)).toEqual(
      count === 0 ? [] : ["0.1", "0.2", "0.3"].slice(-count),
    );
  });
});

it("a reused id in flight is the id of an action, not of a read", () => {
  const { alice } = stage({ reusedPostId: "refused" });
  const payload = signedEnvelope(ALICE, { type: "noop" }, { nonce: alice.clock.wallMs() });
  alice.send({ method: "post", id: 1, request: { type: "action", payload } });
  alice.send({ method: "post", id: 1, request: { type: "info", payload: { type: "meta" } } });
  alice.pass();
  expect(alice.heard("post")).toHaveLength(2);
});
