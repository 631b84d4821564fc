export type { Network } from "./auth/digest.ts";
export { type Recover, recoverByLookup, recoverSigner } from "./auth/recover.ts";
export type { About } from "./about.ts";
export type { ActionFate } from "./core.ts";
export type { CrowdOptions } from "./crowd-options.ts";
export { createExchange, type Exchange } from "./exchange.ts";
export {
  type FaultPlan,
  type PlannedFault,
  type PlannedWhen,
  type PlannedWhom,
  type PlannedWrong,
  readFaultPlan,
} from "./fault-plan.ts";
export { type FaultSwitch, faultSwitch } from "./fault-switch.ts";
export type {
  ActionSeen,
  AnswerSeen,
  Delivery,
  Faults,
  ForeignAnswer,
  FrameSeen,
  RequestSeen,
} from "./faults.ts";
export type { FeeRates } from "./fees.ts";
export type { WireFill } from "./fill.ts";
export type { HttpAnswer, HttpRequest } from "./http-front.ts";
export { type KeyedAccount, lookupSignature, lookupSigner, makeAccounts } from "./keys.ts";
export { type Limits, type LimitsOption, VENUE_LIMITS } from "./limits.ts";
export type { MemoryWire, WireOptions } from "./memory-wire.ts";
export type {
  AccountOption,
  AgentOption,
  Cadence,
  ExchangeOptions,
  RulesOption,
} from "./options.ts";
export { faultsOf, type FaultTerms } from "./planned-faults.ts";
export { type ControlTerms, serveControl, type ServedControl } from "./serve-control.ts";
export { type Served, type ServeOptions, serveExchange } from "./serve.ts";
export type { Caller, RequestEnd, SocketEdge, SocketEnd } from "./socket-edge.ts";
export { systemClock } from "./system-clock.ts";
export type { Truth, TruthAccount, TruthOrder, TruthRequest } from "./truth.ts";
export {
  DEFAULT_UNIVERSE,
  type DexListing,
  type PairListing,
  type PerpListing,
  type TokenListing,
  type UniverseListing,
} from "./universe.ts";
