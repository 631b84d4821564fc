import { expect, it } from "vitest";
import { ALICE, Desk, openExchange } from "../desk.fixture.ts";

const DEX_READS = [
  { type: "allMids" },
  { type: "clearinghouseState", user: ALICE },
  { type: "frontendOpenOrders", user: ALICE },
  { type: "meta" },
  { type: "metaAndAssetCtxs" },
  { type: "openOrders", user: ALICE },
];

it.each(DEX_READS)("$type knows a dex that is listed, and no other", (read) => {
  const alice = new Desk(openExchange(), ALICE);
  const status = (dex: unknown) => alice.http("/info", JSON.stringify({ ...read, dex })).status;
  expect(["", null, "xyz"].map(status)).toEqual([200, 200, 200]);
  expect(["nope", "XYZ", 1].map(status)).toEqual([422, 422, 422]);
});
