import { formatDecimal } from "@cloister/model";
import { decodeInfo } from "./decode-info.ts";
import type { Broken, Rows } from "./decoded.ts";
import { evidence, ignored, notUnderstood, type Told } from "./decoded-line.ts";
import { tellFill, tellPosition, tellReport } from "./in-words.ts";
import type { InfoType, InfoValues } from "./info.ts";
import { textOf } from "./json.ts";

type Tellers = {
  readonly [Type in InfoType]: (value: InfoValues[Type], type: Type) => readonly Told[];
};

const TELLERS: Tellers = {
  orderStatus: ({ found }, type) => [
    evidence(
      type,
      found === undefined ? "unknownOid, which alone proves nothing" : tellReport(found),
    ),
  ],
  openOrders: (rows, type) => tellRows(type, rows, tellReport),
  frontendOpenOrders: (rows, type) => tellRows(type, rows, tellReport),
  historicalOrders: (rows, type) => tellRows(type, rows, tellReport),
  userFills: (rows, type) => tellRows(type, rows, tellFill),
  userFillsByTime: (rows, type) => tellRows(type, rows, tellFill),
  clearinghouseState: ({ positions }, type) =>
    tellRows(type, { rows: positions, broken: [] }, tellPosition),
  spotClearinghouseState: (rows, type) =>
    tellRows(
      type,
      rows,
      ({ token, total, hold }) =>
        `balance ${formatDecimal(total)} ${token}, ${formatDecimal(hold)} held`,
    ),
  userRole: ({ role }, type) => [
    ignored(type, `${role}: proves the account at the start, no order`),
  ],
  extraAgents: ({ rows, broken }, type) => [
    ignored(type, `${rows.length} keys may sign: proves the key at the start, no order`),
    ...tellBroken(type, broken),
  ],
  userRateLimit: ({ used, cap }, type) => [
    ignored(type, `${used} of ${cap} requests used: a budget, no order`),
  ],
  meta: ({ universe, broken }, type) => [
    ignored(type, `${universe.length - broken.length} perps: names and lots, no order`),
    ...tellBroken(type, broken),
  ],
  spotMeta: ({ universe, broken }, type) => [
    ignored(type, `${universe.length} pairs: names and lots, no order`),
    ...tellBroken(type, broken),
  ],
  perpDexs: (dexes, type) => [ignored(type, `${dexes.length} dexes: asset ids, no order`)],
  l2Book: ({ coin }, type) => [ignored(type, `prices of ${coin}, no order`)],
  allMids: ({ mids, broken }, type) => [
    ignored(type, `${mids.size} prices, no order`),
    ...tellBroken(type, broken),
  ],
};

/** An info answer as lines: one for each row, and one for each row that is not understood. */
export function tellInfo(type: InfoType, body: unknown): readonly Told[] {
  const decoded = decodeInfo(type, body);
  return decoded.kind === "ok"
    ? tellValue(type, decoded.value)
    : [notUnderstood(type, decoded.reason, textOf(body))];
}

function tellValue<Type extends InfoType>(type: Type, value: InfoValues[Type]): readonly Told[] {
  return TELLERS[type](value, type);
}

function tellRows<Row>(
  type: InfoType,
  { rows, broken }: Rows<Row>,
  tell: (row: Row) => string,
): readonly Told[] {
  if (rows.length + broken.length === 0) return [evidence(type, "an empty list")];
  return [...rows.map((row) => evidence(type, tell(row))), ...tellBroken(type, broken)];
}

export function tellBroken(what: string, broken: readonly Broken[]): readonly Told[] {
  return broken.map(({ reason, text }) => notUnderstood(what, reason, text));
}
