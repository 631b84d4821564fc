import { limit } from "../desk.fixture.ts";

/** One row of the status map of protocol §1, with the request that provokes it. */
export type HttpRow = {
  readonly what: string;
  readonly path: string;
  readonly contentType?: string;
  readonly body: string;
  readonly status: number;
  /** The whole body, or a part of a body that is JSON. */
  readonly says: string | RegExp;
};

const NOT_JSON = "Failed to parse the request body as JSON";
const NOT_TYPED = "Failed to deserialize the JSON body into the target type";
const NOT_JSON_TYPE = "Expected request with `Content-Type: application/json`";
/** Whoever signed: the request was taken, and refused by a business rule. */
const TAKEN = /^\{"status":"err","response":"[^"]*(does not exist|deposit)/;

const SIGNATURE = { r: `0x${"12".repeat(32)}`, s: `0x${"34".repeat(32)}`, v: 27 };
const ORDER = limit({ b: true, p: "64000", s: "0.001" });
const NOOP = { type: "noop" };

function envelope(action: unknown, change: object = {}): string {
  return JSON.stringify({ action, nonce: 1_700_000_000_000, signature: SIGNATURE, ...change });
}

function ordered(change: object): string {
  return envelope({ type: "order", orders: [{ ...ORDER, ...change }], grouping: "na" });
}

type Short = readonly [what: string, body: string];

const MALFORMED_READS: readonly Short[] = [
  ["an unknown read", '{"type":"nope"}'],
  ["a read without a type", "{}"],
  ["a read without its user", '{"type":"openOrders"}'],
  ["a user that is none", '{"type":"openOrders","user":"0x12"}'],
  ["a number for a user", '{"type":"openOrders","user":12}'],
  ["a number for a coin", '{"type":"l2Book","coin":1}'],
  ["a list for a read", "[]"],
  ["a text for a read", '"meta"'],
  ["a word for a read, whatever trails it", 'null {"type":"meta"}'],
];

const MALFORMED_ACTIONS: readonly Short[] = [
  ["a list for an envelope", "[]"],
  ["an envelope without a signature", '{"action":{"type":"noop"},"nonce":1}'],
  ["an envelope without a nonce", JSON.stringify({ action: NOOP, signature: SIGNATURE })],
  ["a text for a nonce", envelope(NOOP, { nonce: "1700000000000" })],
  ["a signature without v", envelope(NOOP, { signature: { r: "0x1", s: "0x1" } })],
  ["a signature that is no hex", envelope(NOOP, { signature: { ...SIGNATURE, r: "0xzz" } })],
  ["a short vault address", envelope(NOOP, { vaultAddress: "0x12" })],
  ["a text for expiresAfter", envelope(NOOP, { expiresAfter: "1" })],
  ["an unknown field of the envelope", envelope(NOOP, { more: 1 })],
  ["an unknown field of the action", envelope({ ...NOOP, more: 1 })],
  ["an unknown action", envelope({ type: "nope" })],
  ["an action that is none", envelope("noop")],
  ["an order action without orders", envelope({ type: "order", grouping: "na" })],
  ["an unknown grouping", envelope({ type: "order", orders: [ORDER], grouping: "all" })],
  ["a number for a price", ordered({ p: 64_000 })],
  ["an exponent in a price", ordered({ p: "6e4" })],
  ["an exponent in a size", ordered({ s: "1e-3" })],
  ["a negative price", ordered({ p: "-64000" })],
  ["a negative size", ordered({ s: "-0.001" })],
  ["a size with a plus", ordered({ s: "+1" })],
  ["nine decimals that count in a size", ordered({ s: "0.123456789" })],
  ["nine decimals that count in a price", ordered({ p: "1.000000001" })],
  ["NaN", ordered({ s: "NaN" })],
  ["a text for a side", ordered({ b: "true" })],
  ["an order without r", ordered({ r: undefined })],
  ["a text for an asset", ordered({ a: "0" })],
  ["a fraction of an asset", ordered({ a: 0.5 })],
  ["an unknown tif", ordered({ t: { limit: { tif: "Fok" } } })],
  ["a short cloid", ordered({ c: "0x12" })],
  ["a cancel by a text", envelope({ type: "cancel", cancels: [{ a: 0, o: "1" }] })],
];

const info = (what: string, body: string, rest: Partial<HttpRow> = {}): HttpRow => ({
  what,
  path: "/info",
  contentType: "application/json",
  body,
  status: 200,
  says: /^[[{]/,
  ...rest,
});

const exchange = (what: string, body: string, rest: Partial<HttpRow> = {}): HttpRow =>
  info(what, body, { path: "/exchange", says: TAKEN, ...rest });

const notJson = { status: 400, says: NOT_JSON };
const notTyped = { status: 422, says: NOT_TYPED };

/** Every row of the map that needs no limit and no signer. */
export const HTTP_ROWS: readonly HttpRow[] = [
  info("a path nobody serves", "{}", { path: "/else", status: 404, says: "" }),
  { what: "no content type", path: "/info", body: "{nope", status: 415, says: NOT_JSON_TYPE },
  info("text", "{}", { contentType: "text/plain", status: 415, says: NOT_JSON_TYPE }),
  exchange("something else than JSON", "{}", {
    contentType: "application/jsonish",
    status: 415,
    says: NOT_JSON_TYPE,
  }),
  info("a content type with its charset", '{"type":"meta"}', {
    contentType: "application/json; charset=utf-8",
  }),
  info("a read that is no JSON", "{nope", notJson),
  info("an empty read", "", notJson),
  info("half a read", '{"type":"meta"', notJson),
  exchange("an action that is no JSON", "action", notJson),
  exchange("an empty action", "", notJson),
  ...MALFORMED_READS.map(([what, body]) => info(what, body, notTyped)),
  ...MALFORMED_ACTIONS.map(([what, body]) => exchange(what, body, notTyped)),
  info("a number out of range", '{"type":"l2Book","coin":"BTC","nSigFigs":6}', {
    status: 500,
    says: "null",
  }),
  info("a book of an unknown coin", '{"type":"l2Book","coin":"NOPE"}', { says: "null" }),
  info("what trails a read", '{"type":"exchangeStatus"} and more'),
  info("a second read", '{"type":"meta"}{"type":"nope"}'),
  info("an unknown field of a read", '{"type":"meta","more":{"deep":[1]}}'),
  exchange("what trails an action", `${envelope(NOOP)}]]`),
  exchange("an unknown field of an order", ordered({ extra: true })),
  exchange("eight decimals that count", ordered({ s: "0.12345678" })),
  exchange("nine decimals of which eight count", ordered({ s: "0.123456780" })),
  exchange(
    "null for what may be left out",
    envelope(NOOP, { vaultAddress: null, expiresAfter: null }),
  ),
  exchange(
    "r and s without their zeros",
    envelope(NOOP, { signature: { r: "0x1", s: "0x2", v: 28 } }),
    {
      says: /^\{"status":"err"/,
    },
  ),
];
