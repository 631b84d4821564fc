export type { Network } from "./auth/digest.ts";
export { type Recover, recoverByLookup, recoverSigner } from "./auth/recover.ts";
export type { About } from "./faults/about.ts";
export type { ActionFate } from "./core.ts";
export type { CrowdOptions } from "./market/crowd-options.ts";
export type { Cadence, RulesOption } from "./choices/rules.ts";
export { readRulesFile } from "./choices/rules-file.ts";
export { type Choices, CHOICES } from "./choices/choices.ts";
export { createExchange, type Exchange } from "./exchange.ts";
export {
  type FaultPlan,
  type PlannedFault,
  type PlannedWhen,
  type PlannedWhom,
  type PlannedWrong,
  readFaultPlan,
} from "./faults/fault-plan.ts";
export { type FaultSwitch, faultSwitch } from "./faults/fault-switch.ts";
export type {
  ActionSeen,
  AnswerSeen,
  Delivery,
  Faults,
  ForeignAnswer,
  FrameSeen,
  RequestSeen,
} from "./faults/faults.ts";
export type { FeeRates } from "./market/fees.ts";
export type { WireFill } from "./market/fill.ts";
export type { MarketScript } from "./market/script.ts";
export type { HttpAnswer, HttpRequest } from "./doors/http-front.ts";
export { type KeyedAccount, lookupSignature, lookupSigner, makeAccounts } from "./keys.ts";
export { type Limits, type LimitsOption, VENUE_LIMITS } from "./limits/limits.ts";
export type { MemoryWire, WireOptions } from "./doors/memory-wire.ts";
export type { AccountOption, AgentOption, ExchangeOptions } from "./options.ts";
export { faultsOf, type FaultTerms } from "./faults/planned-faults.ts";
export { type ControlTerms, serveControl, type ServedControl } from "./doors/serve-control.ts";
export { type Served, type ServeOptions, serveExchange } from "./doors/serve.ts";
export type { Caller, RequestEnd, SocketEdge, SocketEnd } from "./doors/socket-edge.ts";
export { systemClock } from "./doors/system-clock.ts";
export type { Truth, TruthAccount, TruthOrder, TruthRequest } from "./ledger/truth.ts";
export {
  DEFAULT_UNIVERSE,
  type DexListing,
  type PairListing,
  type PerpListing,
  type TokenListing,
  type UniverseListing,
} from "./market/universe.ts";
