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
export { DEFAULT_LIMITS, type EngineOptions, LIMIT_DOCS, type Limits } from "./options.ts";
export { systemClock, systemRandom } from "./system.ts";
