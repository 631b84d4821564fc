// request, cancel, supervisor, connection
export type {
  CancelEvent,
  CancelEventOf,
  CancelEventType,
  CancelLegs,
  CancelOutcome,
  CancelWriteKind,
  CloidTarget,
  OidTarget,
} from "./cancel.events.ts";
export {
  CANCEL_TIMINGS,
  type CancelCopy,
  type CancelFacts,
  type CancelSpec,
  type CancelTimings,
  type CancelWrite,
  openCancel,
} from "./cancel.facts.ts";
export { learn as learnCancel } from "./cancel.learn.ts";
export { cancelMachine } from "./cancel.machine.ts";
export {
  type CancelState,
  isOver as isCancelOver,
  isStuck as isCancelStuck,
  judge as judgeCancel,
} from "./cancel.state.ts";
export { type CancelDeadline, type CancelWish, wants as cancelWants } from "./cancel.wants.ts";
export {
  CONNECTION_TIMINGS,
  type ConnectionContext,
  type ConnectionEvent,
  type ConnectionTimings,
  openConnection,
} from "./connection.facts.ts";
export { connectionMachine } from "./connection.machine.ts";
export {
  type ConnectionDeadline,
  connectionOpeningWants,
  type ConnectionState,
  type ConnectionView,
  connectionWants,
  type ConnectionWish,
} from "./connection.wants.ts";
export type {
  ChildSpec,
  NoopOutcome,
  RequestEvent,
  RequestEventOf,
  RequestEventType,
  Verdict,
} from "./request.events.ts";
export {
  type CopyAnswer,
  type Looks,
  openRequest,
  REQUEST_TIMINGS,
  type RequestChild,
  type RequestCopy,
  type RequestEnd,
  type RequestFacts,
  type RequestKind,
  type RequestNoop,
  type RequestSpec,
  type RequestTimings,
  type Span,
} from "./request.facts.ts";
export { learn as learnRequest } from "./request.learn.ts";
export { requestMachine } from "./request.machine.ts";
export {
  holdsSlot as requestHoldsSlot,
  isDoorClosed,
  isDoubtful,
  isLanded,
  isOver as isRequestOver,
  judge as judgeRequest,
  type RequestJudgement,
  type RequestState,
} from "./request.state.ts";
export type { Tell } from "./request.tells.ts";
export {
  eventOfDeadline as requestEventOfDeadline,
  openingWants as requestOpeningWants,
  type RequestDeadline,
  type RequestWish,
  wants as requestWants,
} from "./request.wants.ts";
export {
  gate,
  type GateQuestion,
  gateReason,
  type SupervisorContext,
  type SupervisorEvent,
  type SupervisorInput,
  supervisorMachine,
  type SupervisorState,
  supervisorState,
} from "./supervisor.machine.ts";
export { MACHINES, machineText } from "./machine-text.ts";
// end of request, cancel, supervisor, connection

// order: what we know, what it means, how it moves.
export type { FeeSum, NewOrder, OrderFacts } from "./order.facts.ts";
export { newOrder } from "./order.facts.ts";
export type { Ending, Leg } from "./order.legs.ts";
export { learn } from "./order.learn.ts";
export { isNoNews, type OrderActor, type OrderMachine, orderMachine } from "./order.machine.ts";
export { remarks } from "./order.remarks.ts";
export {
  currentLeg,
  hasUndecidedLeg,
  isModifyOpen,
  isOver,
  type Judgement,
  judge,
  ledgerOf,
  mayReap,
} from "./order.state.ts";
export {
  type Acknowledgement,
  acknowledgedOf,
  averagePriceOf,
  feesOf,
  filledOf,
  isContradicted,
  isOrderOverfilled,
  leavesOf,
  liveLegs,
  missingOf,
  oidsOf,
  priceOf,
  sizeOf,
  worstOf,
} from "./order.views.ts";
