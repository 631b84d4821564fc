export type {
  Acknowledged,
  CancelAllResult,
  Canceled,
  Closed,
  CloseResult,
  Engine,
  FillView,
  Modified,
  OrderActorView,
  OrderHandle,
} from "./api.ts";
export type { BudgetName, BudgetView } from "./budgets/budget-view.ts";
export type { PerCoin, ReferencePrice, RiskOptions } from "./restraints/risk-options.ts";
export { COUNTERS, type CounterName } from "./views/counters.ts";
export { explainText } from "./views/explain-text.ts";
export { createEngine } from "./create-engine.ts";
export { DEFAULT_LIMITS, type EngineOptions, LIMIT_DOCS, type Limits } from "./options.ts";
export { pinoLogger } from "./pino-logger.ts";
export { replay, type Replayed, type ReplayTerms } from "./replay/replay.ts";
export { systemClock, systemRandom } from "./system.ts";
