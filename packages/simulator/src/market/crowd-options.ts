import { invalidOption } from "@cloister/model";

/** How lively the background market is. */
export type CrowdOptions = {
  /** Levels a side that the background maker shows. */
  readonly levels: number;
  /** Its distance from the fair price to its first level, in basis points. */
  readonly halfSpreadBps: number;
  /** Between its levels. */
  readonly levelGapBps: number;
  /** Quote value of each of its orders. */
  readonly levelValue: number;
  /** How far the fair price may move in one block, in basis points. */
  readonly stepBps: number;
  /** Takers per block and coin on average. */
  readonly takersPerBlock: number;
  /** Quote value of one taker's order, least and most. */
  readonly takerValueMin: number;
  readonly takerValueMax: number;
  /** Net value the takers may carry on one side of a coin before they lean back. */
  readonly takerLean: number;
};

const DEFAULTS: CrowdOptions = {
  levels: 5,
  halfSpreadBps: 30,
  levelGapBps: 10,
  levelValue: 20_000,
  stepBps: 1,
  takersPerBlock: 1.5,
  takerValueMin: 12,
  takerValueMax: 60,
  takerLean: 400,
};

/** More of anything is a slip of the pen. */
const MOST = 1_000_000_000;

/** @throws invalidOption */
export function readCrowd(options: Partial<CrowdOptions>): CrowdOptions {
  const crowd = { ...DEFAULTS, ...options };
  for (const [name, value] of Object.entries(crowd)) {
    if (!(value >= 0 && value <= MOST)) {
      throw invalidOption(`crowd.${name}`, value, `must be a number from 0 to ${MOST}`);
    }
  }
  for (const name of ["levels", "levelValue"] as const) {
    if (!Number.isSafeInteger(crowd[name])) {
      throw invalidOption(`crowd.${name}`, crowd[name], "must be a whole number");
    }
  }
  if (crowd.takerValueMax < crowd.takerValueMin) {
    throw invalidOption(
      "crowd.takerValueMax",
      crowd.takerValueMax,
      "must not be below takerValueMin",
    );
  }
  return crowd;
}
