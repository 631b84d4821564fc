import type { DoubtEnded } from "@cloister/model";
import { describe, expect, it } from "vitest";
import {
  admitted,
  AT,
  FILLED,
  OPEN,
  report,
  resting,
  type Rig,
  rig,
  SPEC,
  told,
  traded,
} from "./rig.fixture.ts";
import { calm } from "./scripted-venue.fixture.ts";

async function doubtful(): Promise<
  Rig & { order: ReturnType<Rig["engine"]["place"]>; ended: DoubtEnded[] }
> {
  const all = await rig();
  const ended: DoubtEnded[] = [];
  all.engine.doubts$.subscribe((doubt) => ended.push(doubt));
  const order = all.engine.place(SPEC);
  all.venue.answers = () => undefined;
  all.clock.advanceBy(5_000);
  expect(all.engine.counters).toMatchObject({ doubts: 1, doubtsEnded: 0 });
  all.clock.advanceBy(700);
  return { ...all, order, ended };
}

type Story = Awaited<ReturnType<typeof doubtful>>;

const MEANS: Readonly<Record<string, (story: Story) => void>> = {
  answer: ({ venue }) => venue.replies(admitted(resting(7)), venue.written[0]),
  noop: ({ venue }) => venue.replies({ admission: "admittedBare" }, venue.written[1]),
  orderUpdates: ({ venue, order }) => venue.says(told(order.cloid, 7, OPEN)),
  userFills: ({ venue, order }) => venue.says(traded(7, 1, { cloid: order.cloid })),
  openOrders: ({ venue, order }) =>
    venue.says({ type: "openOrders", dex: "", orders: [report(order.cloid, 7, OPEN)] }),
  orderStatus: ({ venue, clock, order }) => {
    clock.advanceBy(1_000);
    const asked = venue.asked.find(({ query }) => query.kind === "orderStatus");
    venue.says({
      type: "read.answered",
      read: asked?.read ?? 0,
      report: { kind: "orderStatus", found: report(order.cloid, 7, FILLED, { left: "0" }) },
    });
  },
};

describe("time to certainty, by the means that decided", () => {
  it.each(Object.entries(MEANS))("situation 7: %s", async (by, decides) => {
    const story = await doubtful();
    decides(story);
    const { engine, order, ended, ticks, clock } = story;
    const tookMs = by === "orderStatus" ? 1_700 : 700;
    const expected = { kind: "place", cloids: [order.cloid], by, tookMs };
    expect(ended).toMatchObject([expected]);
    expect(ticks.flatMap(({ doubts = [] }) => doubts)).toEqual(ended);
    expect(engine.counters).toMatchObject({ doubts: 1, doubtsEnded: 1 });
    expect(clock.monotonicMs()).toBeGreaterThan(0);
  });

  it("situation 8: absence, and how long it took from the first moment on, reconnects included", async () => {
    const { venue, clock, ended } = await doubtful();
    venue.says({ type: "connection.lost", epoch: 1, reason: "gone" });
    clock.advanceBy(300);
    venue.answers = (query) =>
      query.kind === "positions"
        ? { kind: "positions", positions: [], at: AT + 60_000 }
        : calm(query);
    venue.says({ type: "connection.live", epoch: 2 });
    clock.advanceBy(20_000);
    expect(ended).toMatchObject([{ by: "absence" }]);
    expect(ended[0]?.tookMs).toBeGreaterThanOrEqual(1_000);
  });

  it("what was never doubted is no doubt that ended", async () => {
    const { engine, venue, ticks } = await rig();
    engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    expect(engine.counters).toMatchObject({ doubts: 0, doubtsEnded: 0 });
    expect(ticks.some((tick) => "doubts" in tick)).toBe(false);
  });
});

describe('onDoubt "land"', () => {
  const LOST = { type: "connection.lost", epoch: 1, reason: "gone" } as const;
  const LAND = { ...SPEC, tif: "Alo", onDoubt: "land" } as const;

  it("situation 11: the same bytes once more by REST, soon after the command; the nonce makes it at most once", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place(LAND);
    clock.advanceBy(1_400);
    venue.says(LOST);
    const [first, second] = venue.written;
    expect(venue.written).toMatchObject([{ mouth: "socket" }, { mouth: "rest" }]);
    expect(second?.signed).toEqual(first?.signed);
    venue.replies(admitted(resting(7)), second);
    expect(order.view()).toMatchObject({ state: "resting", oid: 7 });
    expect(venue.written).toHaveLength(2);
  });

  it("situation 11: later than that it is withdrawn, as it is by default", async () => {
    for (const spec of [LAND, SPEC]) {
      const { engine, venue, clock } = await rig();
      engine.place(spec);
      clock.advanceBy(spec === LAND ? 1_600 : 100);
      venue.says(LOST);
      expect(venue.written.slice(1)).toMatchObject([{ action: { kind: "noop" }, mouth: "rest" }]);
    }
  });

  it("situation 11: what is being canceled is not landed a second time", async () => {
    const { engine, venue } = await rig();
    const order = engine.place(LAND);
    void order.cancel();
    venue.says(LOST);
    const kinds = venue.written.map(({ action }) => action.kind);
    expect(kinds.filter((kind) => kind === "place")).toHaveLength(1);
    expect(kinds).toContain("noop");
  });

  it("situation 11: a batch lands only when each of it may, and an Ioc never may", async () => {
    const { engine, venue } = await rig();
    engine.placeMany([LAND, SPEC]);
    venue.says(LOST);
    expect(venue.written.at(-1)?.action.kind).toBe("noop");
    expect(() => engine.place({ ...LAND, tif: "Ioc" })).toThrow("lands only Alo and Gtc");
  });
});
