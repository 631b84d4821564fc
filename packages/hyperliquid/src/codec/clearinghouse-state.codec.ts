import { type Decimal, type Position, readCoin, readDecimal } from "@cloister/model";
import { badField, type Decoded, ok, readRows, unrecognized } from "./decoded.ts";
import { brokenFrame, factsFrame } from "./facts.ts";
import type { Frame } from "./frame.ts";
import type { ClearinghouseState } from "./info.ts";
import { isNone, isRecord, readWhole } from "./json.ts";

const CHANNEL = "clearinghouseState";

/** Positions of one dex, pushed (protocol §4.4). */
export function decodeClearinghouseFrame(data: unknown): Frame {
  if (!isRecord(data)) return brokenFrame(CHANNEL, "data is not an object");
  const dex = isNone(data["dex"]) ? "" : data["dex"];
  if (typeof dex !== "string") return brokenFrame(CHANNEL, "dex is not a text");
  const state = decodeClearinghouseState(data["clearinghouseState"]);
  if (state.kind === "unrecognized") return brokenFrame(CHANNEL, state.reason);
  const { positions, at } = state.value;
  return factsFrame(CHANNEL, [{ type: "positions", dex, positions, at }], { user: data["user"] });
}

/** Margin and positions. A coin that is missing means no position, so one broken row spoils the list (protocol §8.7). */
export function decodeClearinghouseState(body: unknown): Decoded<ClearinghouseState> {
  if (!isRecord(body)) return badField("the body", body);
  const at = readWhole(body["time"]);
  if (at === undefined) return badField("time", body["time"]);
  const elements = body["assetPositions"];
  if (!Array.isArray(elements)) return badField("assetPositions", elements);
  const { rows: positions, broken } = readRows(elements, readPosition);
  if (broken[0] !== undefined) return unrecognized(`assetPositions: ${broken[0].reason}`);
  const summary = body["marginSummary"];
  const accountValue = isRecord(summary) ? readDecimal(summary["accountValue"]) : undefined;
  return ok(withMoney({ positions, at }, accountValue, readDecimal(body["withdrawable"])));
}

/** Money is only shown here, and older accounts lack it. */
function withMoney(
  state: { readonly positions: readonly Position[]; readonly at: number },
  accountValue: Decimal | undefined,
  withdrawable: Decimal | undefined,
): ClearinghouseState {
  return {
    ...state,
    ...(accountValue === undefined ? {} : { accountValue }),
    ...(withdrawable === undefined ? {} : { withdrawable }),
  };
}

function readPosition(element: unknown): Decoded<Position> {
  const position = isRecord(element) ? element["position"] : undefined;
  if (!isRecord(position)) return badField("position", position);
  const coin = readCoin(position["coin"]);
  if (coin === undefined) return badField("coin", position["coin"]);
  const size = readDecimal(position["szi"]);
  if (size === undefined) return badField("szi", position["szi"]);
  return ok({ coin, size });
}
