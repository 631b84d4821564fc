import { describe, expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "../../desk.fixture.ts";
import {
  type At,
  channels,
  deafDeskWith,
  deskWith,
  oidOf,
  order,
  place,
  readOverSocket,
  statusOf,
  two,
} from "../plan-desk.fixture.ts";

const updates = { channel: "orderUpdates" };
const fills = { type: "userFills", user: ALICE };

type Fill = { px: string; sz: string; tid: number; dir: string };
type Fills = { isSnapshot?: boolean; fills: Fill[] };
const told = (desk: Desk): Fills[] => desk.heard("userFills") as Fills[];
const tids = (message: Fills | undefined): number[] => (message?.fills ?? []).map(({ tid }) => tid);

/** ALICE buys what BOB offers at three prices, three trades in all. */
function trade(at: At, desk: Desk): void {
  const seller = new Desk(at, BOB);
  for (const p of ["64000", "64001", "64002"]) seller.place(limit({ b: false, p, s: "0.001" }));
  desk.place(limit({ b: true, p: "64002", s: "0.003" }));
}

describe("the order of a block's messages", () => {
  it("situation 2: lastInBlock of orderUpdates puts them behind the answer", () => {
    const desk = deskWith({ what: "lastInBlock", to: updates });
    desk.act(place);
    expect(channels(desk)).toEqual(["post", "orderUpdates"]);
  });

  it("answersFirst: answers before all channel messages; lastInBlock of post: behind", () => {
    for (const rules of [{}, { blockEnd: "answers" }] as const) {
      for (const [fault, order_] of [
        [{ what: "answersFirst" }, ["post", "orderUpdates", "userFills", "user"]],
        [
          { what: "lastInBlock", to: { channel: "post" } },
          ["orderUpdates", "userFills", "user", "post"],
        ],
      ] as const) {
        const at = openExchange({ rules });
        const desk = deskWith(fault, at);
        desk.subscribe(fills);
        desk.subscribe({ type: "userEvents", user: ALICE });
        new Desk(at, BOB).place(limit({ b: false, p: "64000", s: "0.001" }));
        desk.forget();
        desk.act(place);
        expect(channels(desk)).toEqual(order_);
      }
    }
  });

  it("situation 3: fills before or after the updates", () => {
    for (const [fault, expected] of [
      [{ what: "loseFrame", times: 1, to: { channel: "none" } }, ["orderUpdates", "userFills"]],
      [{ what: "reorderFrames", to: updates }, ["userFills", "orderUpdates"]],
      [{ what: "delayFrame", ms: 500, to: updates }, ["userFills", "orderUpdates"]],
      [
        { what: "delayFrame", ms: 500, to: { channel: "userFills", contains: '"tid"' } },
        ["orderUpdates", "userFills"],
      ],
    ] as const) {
      const at = openExchange();
      const desk = deskWith(fault, at);
      desk.subscribe(fills);
      new Desk(at, BOB).place(limit({ b: false, p: "64000", s: "0.001" }));
      desk.forget();
      desk.act(place);
      desk.clock.advanceBy(1_000);
      expect(channels(desk).filter((channel) => channel !== "post")).toEqual(expected);
    }
  });

  it("what is of no block is not held", () => {
    const desk = deafDeskWith({ what: "lastInBlock" });
    desk.send({ method: "ping" });
    desk.subscribe(fills);
    expect(channels(desk)).toEqual(["pong", "subscriptionResponse", "userFills"]);
  });
});

describe("acknowledgements and pongs", () => {
  const ack = { channel: "subscriptionResponse", type: "orderUpdates" };

  it("loseFrame: a lost acknowledgement, the subscription lives", () => {
    const desk = deafDeskWith({ what: "loseFrame", to: ack });
    desk.subscribe({ type: "orderUpdates", user: ALICE });
    desk.subscribe(fills);
    expect(channels(desk)).toEqual(["subscriptionResponse", "userFills"]);
    desk.act(place);
    expect(desk.heard("orderUpdates")).toHaveLength(1);
  });

  it("delayFrame: a slow acknowledgement, behind the first news", () => {
    const desk = deafDeskWith({ what: "delayFrame", ms: 300, to: ack });
    desk.subscribe({ type: "orderUpdates", user: ALICE });
    desk.act(place);
    desk.pass(4);
    expect(channels(desk)).toEqual(["orderUpdates", "post", "subscriptionResponse"]);
  });

  it("situation 93: a pong that comes late or never", () => {
    const late = deafDeskWith({ what: "delayFrame", ms: 9_000, to: { channel: "pong" } });
    late.send({ method: "ping" });
    late.clock.advanceBy(8_990);
    expect(channels(late)).toEqual([]);
    late.clock.advanceBy(10);
    expect(channels(late)).toEqual(["pong"]);
    const never = deafDeskWith({ what: "loseFrame", to: { channel: "pong" } });
    never.send({ method: "ping" });
    never.clock.advanceBy(30_000);
    expect([channels(never), never.closes]).toEqual([[], []]);
  });
});

describe("the same again", () => {
  it("situation 94: echoFrame gives a socket's whole stream twice", () => {
    const desk = deskWith({ what: "echoFrame", ms: 200 });
    desk.pass(4);
    desk.forget();
    desk.act(place);
    desk.pass(1);
    desk.act(place);
    desk.pass(6);
    const frames = channels(desk).filter((channel) => channel !== "subscriptionResponse");
    expect(frames.filter((channel) => channel === "orderUpdates")).toHaveLength(4);
    expect(frames.filter((channel) => channel === "post")).toHaveLength(4);
    expect(new Set(desk.texts.slice(-4)).size).toBe(4);
  });

  it("situation 94: two sockets hear the same frames without any fault", () => {
    const at = openExchange();
    const [one, other] = [deskWith([], at), deskWith([], at)];
    one.act(place);
    expect(other.heard("orderUpdates")).toEqual(one.heard("orderUpdates"));
    expect(other.heard("orderUpdates")).toHaveLength(1);
  });
});

describe("snapshots of fills", () => {
  const snapshotUnder = (fault: object): Desk => {
    const at = openExchange();
    trade(at, new Desk(at, ALICE));
    const desk = deafDeskWith(fault, at);
    desk.subscribe(fills);
    return desk;
  };
  const [whole] = told(snapshotUnder([] as object));

  it("truncateSnapshot: only the newest", () => {
    const [cut] = told(snapshotUnder({ what: "truncateSnapshot", keep: 2 }));
    expect(cut?.fills).toEqual(whole?.fills.slice(1));
    expect(cut?.isSnapshot).toBe(true);
    expect(told(snapshotUnder({ what: "truncateSnapshot", keep: 0 }))[0]?.fills).toEqual([]);
  });

  it("situation 32: duplicateSnapshot and overlapSnapshot tell fills again", () => {
    const [twice] = told(snapshotUnder({ what: "duplicateSnapshot" }));
    const [a, b, c] = tids(whole);
    expect(tids(twice)).toEqual([a, a, b, b, c, c]);
    const [snapshot, news] = told(snapshotUnder({ what: "overlapSnapshot", count: 2 }));
    expect(snapshot).toEqual(whole);
    expect([tids(news), news?.isSnapshot]).toEqual([[b, c], undefined]);
  });

  it("leave live fills alone", () => {
    for (const what of ["duplicateSnapshot", "truncateSnapshot", "overlapSnapshot"]) {
      const at = openExchange();
      const more = { truncateSnapshot: { keep: 0 }, overlapSnapshot: { count: 1 } };
      const desk = deafDeskWith({ what, ...more[what as keyof typeof more] }, at);
      desk.subscribe(fills);
      trade(at, desk);
      expect(told(desk).slice(1).flatMap(tids)).toEqual(tids(whole));
    }
  });
});

describe("restateFills", () => {
  const liveUnder = (change: object): Fills[] => {
    const at = openExchange();
    const desk = deafDeskWith({ what: "restateFills", ...change }, at);
    desk.subscribe(fills);
    desk.forget();
    trade(at, desk);
    return told(desk);
  };

  it("situation 33: the same trade id with another price or size", () => {
    const [first, again] = liveUnder({ px: "63000", sz: "0.5" });
    expect(tids(again)).toEqual(tids(first));
    expect(again?.fills).toMatchObject([{ px: "63000", sz: "0.5" }, {}, {}]);
    expect(first?.fills).toMatchObject([{ px: "64000.0", sz: "0.001" }, {}, {}]);
  });

  it("situation 46: a fee that is told later and differs, a rebate", () => {
    const [first, again] = liveUnder({ fee: "-0.02" });
    expect(tids(again)).toEqual(tids(first));
    expect(again?.fills).toEqual(first?.fills.map((fill) => ({ ...fill, fee: "-0.02" })));
  });

  it("situation 34: equal fills with another trade id", () => {
    const [first, again] = liveUnder({ tid: 12 });
    expect(again?.fills).toEqual(first?.fills.map((fill) => ({ ...fill, tid: 12 })));
  });
});

describe("other words", () => {
  it("situation 99: renameStatus says a status nobody knows, in channels and reads", () => {
    const rename = { what: "renameStatus", from: "canceled", status: "someNewCanceled" };
    const desk = deskWith(rename);
    const oid = oidOf(desk.place(order("64000")));
    desk.act({ type: "cancel", cancels: [{ a: 0, o: oid }] });
    expect(desk.heard("orderUpdates")).toMatchObject([
      [{ status: "open" }],
      [{ order: { oid }, status: "someNewCanceled" }],
    ]);
    const request = { type: "orderStatus", user: ALICE, oid };
    const renamed = { status: "order", order: { status: "someNewCanceled", order: { oid } } };
    expect(desk.info(request)).toMatchObject(renamed);
    expect(readOverSocket(desk, request)).toMatchObject(renamed);
    expect(statusOf(desk, oid)).toBe("order");
  });

  it("situation 99: replaceFrame says anything instead", () => {
    const desk = deafDeskWith([
      { what: "replaceFrame", text: '{"channel":"newThing","data":[', times: 1 },
      { what: "replaceFrame", text: "", times: 1 },
      { what: "replaceFrame", text: "Websocket connection established." },
    ]);
    const texts: string[] = [];
    const socket = desk.wire.connect("private", {
      opened: () => {},
      received: (text) => texts.push(text),
      closed: () => {},
    });
    desk.clock.advanceBy(1);
    for (let at = 0; at < 3; at += 1) socket.send('{"method":"ping"}');
    desk.clock.advanceBy(1);
    expect(texts).toEqual([
      '{"channel":"newThing","data":[',
      "",
      "Websocket connection established.",
    ]);
  });
});

it("`contains` picks a frame by what it says", () => {
  const contains = '"status":"canceled"';
  const desk = deskWith({ what: "loseFrame", to: { ...updates, contains } });
  const oid = oidOf(desk.place(order("64000")));
  desk.act({ type: "cancel", cancels: [{ a: 0, o: oid }] });
  desk.act(two);
  expect(desk.heard("orderUpdates")).toMatchObject([
    [{ status: "open" }],
    [{ status: "open" }, { status: "open" }],
  ]);
});
