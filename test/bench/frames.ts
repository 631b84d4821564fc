/** One order's life on the wire: what arrives for it, as JSON text, ready to be fed. */
export type Life = {
  readonly cloid: string;
  readonly coin: string;
  readonly price: string;
  readonly size: string;
  /** The answer to its place. `post` is the id it must carry. */
  readonly ack: string;
  /** Three partial fills, the second of them repeated, and the one that completes it. */
  readonly fills: readonly [string, string, string, string, string];
};

export const ACCOUNT = `0x${"a1".repeat(20)}`;
/** Venue time at which everything here happens, ms. */
export const AT = 1_800_000_000_000;

const PRICE = "64000.0";
const PARTS = ["0.0001", "0.0002", "0.0003", "0.0004"] as const;

/** The life of order `index`; post ids are counted by the transport from 1, one for each place. */
export function lifeOf(index: number, post: number): Life {
  const cloid = `0xbe4c0000${index.toString(16).padStart(24, "0")}`;
  const oid = 700_000_000_000 + index;
  const resting = {
    status: "ok",
    response: { type: "order", data: { statuses: [{ resting: { oid, cloid } }] } },
  };
  const answer = { id: post, response: { type: "action", payload: resting } };
  const fill = (part: number): string =>
    fillFrame({ index, oid, cloid, part, size: PARTS[part] ?? "0" });
  return {
    cloid,
    coin: "BTC",
    price: "64000",
    size: "0.001",
    ack: JSON.stringify({ channel: "post", data: answer }),
    fills: [fill(0), fill(1), fill(1), fill(2), fill(3)],
  };
}

function fillFrame(fill: {
  index: number;
  oid: number;
  cloid: string;
  part: number;
  size: string;
}): string {
  const { index, oid, cloid, part, size } = fill;
  const row = {
    coin: "BTC",
    px: PRICE,
    sz: size,
    side: "B",
    time: AT + part,
    startPosition: "0.0",
    dir: "Open Long",
    closedPnl: "0.0",
    hash: `0x${index.toString(16).padStart(64, "0")}`,
    oid,
    crossed: false,
    fee: "0.00384",
    tid: 100_000_000_000_000 + index * 8 + part,
    cloid,
    feeToken: "USDC",
    twapId: null,
  };
  return JSON.stringify({ channel: "userFills", data: { user: ACCOUNT, fills: [row] } });
}
