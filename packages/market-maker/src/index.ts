export type { DeskView } from "./coin-desk.ts";
export { desiredLadder, type LadderTerms, type Touch } from "./ladder.ts";
export {
  createMarketMaker,
  type MakerStatus,
  type MarketMaker,
} from "./market-maker.ts";
export type { CoinOptions, MarketMakerOptions, QuotingEngine } from "./options.ts";
export { type Plan, type PlanLimits, plan } from "./plan.ts";
export type { Quote, WorkingQuote, WorstCase } from "./quote.ts";
export type { MakerStats } from "./stats.ts";
