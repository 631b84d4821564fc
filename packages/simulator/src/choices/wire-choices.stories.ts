import type { WireSocket } from "@cloister/model";
import { ALICE, BOB, type Desk, limit, openExchange, signedEnvelope } from "../desk.fixture.ts";
import type { Choices } from "./choices.ts";
import { ask, bid, openPrices, stage, type Story, updates } from "./story.fixture.ts";

const STRANGER = "0x4444444444444444444444444444444444444444";
const NO_STRANGER = `User or API Wallet ${STRANGER} does not exist.`;
const NO_BUILDER = "Builder fee has not been approved";
const NOT_TYPED = "Failed to deserialize the JSON body into the target type";

type Told =
  | "postError"
  | "postWeight"
  | "reusedPostId"
  | "laterSnapshotFlag"
  | "greeting"
  | "unknownDexRead"
  | "unknownDexSubscription"
  | "emptyCancels"
  | "firstStream"
  | "blockEnd"
  | "sameTimeFills"
  | "historyRows"
  | "refusalTexts"
  | "bboNumbers"
  | "offTickPrice"
  | "builderRefusal"
  | "strangerText"
  | "minimumValue";

/** Reads, channels, posts and texts, under each word of each choice. */
export const WIRE_STORIES: { readonly [Name in Told]: Story<Choices[Name]> } = {
  postError: {
    tell: (rules) => {
      const { alice } = stage(rules);
      read(alice, 1, { type: "nope" });
      return alice.heard("post");
    },
    words: {
      statusAndBody: [postError(`422 Unprocessable Entity: ${NOT_TYPED}`)],
      status: [postError("422 Unprocessable Entity")],
      body: [postError(NOT_TYPED)],
    },
  },
  postWeight: {
    tell: (rules) => {
      const { alice } = stage(rules, { limits: { restWeight: 39 } });
      for (const id of [1, 2]) read(alice, id, { type: "meta" });
      const types = alice.heard("post").map((data) => (data as Post).response.type);
      return [types, alice.http("/info", '{"type":"meta"}').status];
    },
    words: { none: [["info", "info"], 200], counted: [["info", "error"], 429] },
  },
  reusedPostId: {
    tell: (rules) => {
      const { alice } = stage(rules);
      for (const orders of [[], [bid("2000", "1")]]) {
        const action = { type: "order", orders, grouping: "na" };
        const nonce = alice.clock.wallMs();
        const payload = signedEnvelope(ALICE, action, { nonce });
        alice.send({ method: "post", id: 7, request: { type: "action", payload } });
      }
      alice.pass(2);
      return [alice.heard("post").length, alice.heard("error").length, openPrices(alice)];
    },
    words: {
      answersEach: [2, 0, ["2000.0"]],
      answersLatest: [1, 0, ["2000.0"]],
      refused: [1, 1, []],
    },
  },
  laterSnapshotFlag: {
    tell: (rules) => {
      const { alice } = stage(rules);
      alice.subscribe({ type: "userFills", user: ALICE });
      alice.place(bid("2080.5", "1"));
      return alice.heard("userFills").map((data) => (data as { isSnapshot?: boolean }).isSnapshot);
    },
    words: { absent: [true, undefined], false: [true, false] },
  },
  greeting: {
    tell: (rules) => {
      const at = openExchange({ rules });
      const texts: string[] = [];
      const socket: WireSocket = at.exchange.wire().connect("private", {
        opened: () => socket.send('{"method":"ping"}'),
        received: (text) => texts.push(text),
        closed: () => {},
      });
      at.clock.advanceBy(10);
      return texts;
    },
    words: {
      none: ['{"channel":"pong"}'],
      sent: ["Websocket connection established.", '{"channel":"pong"}'],
    },
  },
  unknownDexRead: {
    tell: (rules) => {
      const { alice } = stage(rules);
      return ["nope", ""].map((dex) => {
        const { status, body } = alice.http("/info", JSON.stringify({ type: "allMids", dex }));
        return status === 200 ? body !== "null" : status;
      });
    },
    words: { malformed: [422, true], fault: [500, true], null: [false, true] },
  },
  unknownDexSubscription: {
    tell: (rules) => {
      const { alice } = stage(rules);
      alice.subscribe({ type: "allMids", dex: "nope" });
      alice.pass();
      return [alice.heard("error"), alice.closes];
    },
    words: {
      refused: [['Invalid subscription {"type":"allMids","dex":"nope"}'], []],
      dropped: [[], [1006]],
    },
  },
  emptyCancels: {
    tell: (rules) => stage(rules).alice.statuses({ type: "cancel", cancels: [] }),
    words: { accepted: [], refused: [{ error: "Orders are empty." }] },
  },
  firstStream: {
    tell: (rules) => {
      const { alice } = stage(rules);
      alice.subscribe({ type: "userFills", user: ALICE });
      alice.forget();
      alice.place(bid("2080.5", "1"));
      return alice.frames.map((frame) => frame["channel"]);
    },
    words: {
      orderUpdates: ["orderUpdates", "userFills", "post"],
      userFills: ["userFills", "orderUpdates", "post"],
    },
  },
  blockEnd: {
    tell: (rules) => {
      const { alice } = stage(rules);
      alice.forget();
      alice.place(bid("2000", "1"));
      return alice.frames.map((frame) => frame["channel"]);
    },
    words: { messages: ["orderUpdates", "post"], answers: ["post", "orderUpdates"] },
  },
  sameTimeFills: {
    tell: (rules) => {
      const { alice, carol } = stage(rules);
      carol.place(ask("2081", "1"));
      alice.place(bid("2081", "2"));
      alice.place(ask("2079.9", "1"));
      const fills = alice.info({ type: "userFills", user: ALICE }) as { px: string }[];
      return fills.map(({ px }) => px);
    },
    words: {
      newestFirst: ["2079.9", "2081.0", "2080.5"],
      asExecuted: ["2079.9", "2080.5", "2081.0"],
    },
  },
  historyRows: {
    tell: (rules) => {
      const { alice } = stage(rules);
      alice.place(bid("2080.5", "1"));
      const rows = alice.info({ type: "historicalOrders", user: ALICE }) as { status: string }[];
      return rows.map(({ status }) => status);
    },
    words: { eachStatus: ["filled", "open"], lastStatus: ["filled"] },
  },
  refusalTexts: {
    tell: (rules) => {
      const { alice } = stage(rules);
      return [
        alice.place(bid("2000", "0.001")),
        alice.place(limit({ a: 10_000, b: false, p: "0.2", s: "1000" })),
        ...alice.statuses({ type: "cancel", cancels: [{ a: 1, o: 1 }] }),
      ].map((status) => (status as { error: string }).error);
    },
    words: {
      live: [
        "Order must have minimum value of $10. asset=1",
        "Insufficient spot balance asset=10000",
        "Order was never placed, already canceled, or filled. asset=1",
      ],
      documented: [
        "Order must have minimum value of $10.",
        "Order has insufficient spot balance to trade",
        "Order was never placed, already canceled, or filled.",
      ],
    },
  },
  bboNumbers: {
    tell: (rules) => {
      const { alice, bob } = stage(rules);
      bob.place(ask("2080", "1"));
      return alice.place(bid("2081", "1", { tif: "Alo" }));
    },
    words: { bare: postOnly("2079.9@2080"), printed: postOnly("2079.9@2080.0") },
  },
  offTickPrice: {
    tell: (rules) => {
      const { alice } = stage(rules);
      return [alice.place(bid("2079.95", "1")), updates(alice)];
    },
    words: {
      recorded: [{ error: "Price must be divisible by tick size. asset=1" }, ["tickRejected 1.0"]],
      static: [{ error: "Price must be divisible by tick size." }, []],
    },
  },
  builderRefusal: {
    tell: (rules) =>
      stage(rules).alice.act({
        type: "order",
        orders: [bid("2000", "1")],
        grouping: "na",
        builder: { b: BOB, f: 10 },
      }),
    words: {
      perOrder: {
        status: "ok",
        response: { type: "order", data: { statuses: [{ error: NO_BUILDER }] } },
      },
      wholeRequest: { status: "err", response: NO_BUILDER },
    },
  },
  strangerText: {
    tell: (rules) => stage(rules).alice.act({ type: "noop" }, { as: STRANGER }),
    words: {
      bare: { status: "err", response: NO_STRANGER },
      prefixed: { status: "err", response: `L1 error: ${NO_STRANGER}` },
    },
  },
  minimumValue: {
    tell: (rules) => {
      const { alice } = stage(rules);
      alice.place(bid("1500", "0.006"));
      return updates(alice);
    },
    words: { limit: ["minTradeNtlRejected 0.006"], mark: ["open 0.006"] },
  },
};

type Post = { readonly response: { readonly type: string } };

function read(desk: Desk, id: number, payload: object): void {
  desk.send({ method: "post", id, request: { type: "info", payload } });
}

function postError(payload: string): object {
  return { id: 1, response: { type: "error", payload } };
}

function postOnly(bbo: string): object {
  return { error: `Post only order would have immediately matched, bbo was ${bbo}. asset=1` };
}
