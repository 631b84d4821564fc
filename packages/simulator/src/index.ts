export type { Network } from "./auth/digest.ts";
export { type Recover, recoverByLookup, recoverSigner } from "./auth/recover.ts";
export type { PlannedWhom } from "./faults/fault-kind.ts";
export type { About } from "./faults/about.ts";
export type { ActionFate } from "./faults/action-fate.ts";
export type { CrowdOptions } from "./market/crowd-options.ts";
export type { Cadence, RulesOption } from "./choices/rules.ts";
export { readRulesFile } from "./choices/rules-file.ts";
export { type Choices, CHOICES } from "./choices/choices.ts";
export { createExchange, type Exchange } from "./exchange.ts";
export {
  FAULT_PAPERS,
  type FaultPlan,
  type PlannedFault,
  type PlannedWhen,
  type PlannedWrong,
  readFaultPlan,
} from "./faults/fault-plan.ts";
export { parseFaultPlan } from "./faults/plan-text.ts";
export { READY_PLANS } from "./faults/ready-plans.ts";
export type { BlockFate } from "./faults/block-fate.ts";
export { type FaultSwitch, faultSwitch } from "./faults/fault-switch.ts";
export type {
  ActionSeen,
  AnswerSeen,
  Delivery,
  Faults,
  ForeignAnswer,
  BlockSeen,
  FrameSeen,
  ReadFate,
  ReadSeen,
  RequestSeen,
} from "./faults/faults.ts";
export type { Script, ScriptedSaying } from "./actions/script.ts";
export type { FeeRates } from "./market/fees.ts";
export type { WireFill } from "./market/fill.ts";
export type { MarketScript, ScriptedStep } from "./market/market-step.ts";
export type { HttpAnswer, HttpRequest } from "./doors/http-front.ts";
export { type KeyedAccount, lookupSignature, lookupSigner, makeAccounts } from "./keys.ts";
export { type Limits, type LimitsOption, VENUE_LIMITS } from "./limits/limits.ts";
export type { MemoryWire, WireOptions } from "./doors/memory-wire.ts";
export type { AccountOption, AgentOption, ExchangeOptions } from "./options.ts";
export { faultsOf, type FaultTerms } from "./faults/planned-faults.ts";
export { type ControlTerms, serveControl, type ServedControl } from "./doors/serve-control.ts";
export { checkProxyPlan } from "./proxy/proxy-plan.ts";
export { type ProxyTerms, type ServedProxy, serveProxy } from "./proxy/serve-proxy.ts";
export { type Served, type ServeOptions, serveExchange } from "./doors/serve.ts";
export type { Caller, RequestEnd, SocketEdge, SocketEnd } from "./doors/socket-edge.ts";
export { type StoppableClock, stoppableClock } from "./doors/stoppable-clock.ts";
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
