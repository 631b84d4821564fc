export { type Alarm, type AlarmName, ALARMS } from "./alarms.ts";
export type { Brand } from "./brand.ts";
export type {
  AskedReads,
  Certificate,
  FillWindow,
  SurveyCause,
  Unresolved,
} from "./certificate.ts";
export {
  type Cloid,
  type CloidMark,
  isMarked,
  makeCloid,
  makeCloidMark,
  parseCloid,
  parseCloidMark,
  readCloid,
} from "./cloid.ts";
export type {
  Builder,
  CancelScope,
  Command,
  Ending,
  ModifySpec,
  OnDoubt,
  OrderTerms,
  PlaceOrder,
  PlaceSpec,
  References,
  TriggerSpec,
  VenueAction,
} from "./commands.ts";
export {
  add,
  compare,
  type Decimal,
  decimalOf,
  decimalPlaces,
  divideCut,
  formatDecimal,
  maxDecimal,
  minDecimal,
  multiply,
  negate,
  ONE,
  parseDecimal,
  readDecimal,
  signOf,
  significantFigures,
  subtract,
  ZERO,
} from "./decimal.ts";
export type {
  EngineControl,
  EngineSnapshot,
  EngineStatus,
  EngineView,
  ExposureView,
  OrderView,
  PositionView,
} from "./engine-ports.ts";
export {
  CloisterError,
  ERROR_CODES,
  type ErrorCode,
  type ErrorDetails,
  invalidOption,
  invalidSpec,
  type Outcome,
  show,
} from "./errors.ts";
export type { NeverLandedBy, OrderEvent, OrderEventType, Remark, Source } from "./evidence.ts";
export type {
  DoorLine,
  EvidenceLine,
  Explanation,
  LegLine,
  NextStep,
  RequestLine,
  ToldAlarm,
  TrackedExplanation,
} from "./explanation.ts";
export { type Fill, type FillKey, fillKey } from "./fill.ts";
export {
  type Address,
  type Coin,
  type Oid,
  parseAddress,
  parseCoin,
  parseOid,
  readAddress,
  readCoin,
  readOid,
  readTid,
  type Tid,
} from "./ids.ts";
export type {
  Checkpoint,
  Journal,
  JournalDamage,
  JournalRecord,
  Recalled,
} from "./journal.ts";
export { ManualClock } from "./manual-clock.ts";
export {
  brokenNotionalRule,
  brokenPriceRule,
  brokenSizeRule,
  type Market,
  marketOf,
  roundPrice,
  roundSize,
} from "./market.ts";
export {
  type CancelCause,
  type Cause,
  type Grouping,
  isLive,
  LIVE_STATES,
  type NotAdmittedReason,
  type OrderState,
  type RefuseCause,
  type RejectCause,
  type RiskCause,
  type Side,
  TERMINAL_STATES,
  type Tif,
} from "./order-words.ts";
export {
  type Cancel,
  type Clock,
  type LogFields,
  type Logger,
  type Random,
  type Signature,
  type Signer,
  type SignResult,
  SILENT,
  type Wire,
  type WireAnswer,
  type WireHandlers,
  type WireRequest,
  type WireSocket,
  type WireSocketKind,
} from "./ports.ts";
export type { RequestTiming, TimedEvidence, TimedWrite, TimingPoint } from "./request-timing.ts";
export { Secret } from "./secret.ts";
export { seededRandom } from "./seeded-random.ts";
export type {
  Change,
  Deadline,
  DoubtEnded,
  DoubtMeans,
  Input,
  Numbers,
  Start,
  Tick,
} from "./tick.ts";
export type {
  Answer,
  CopyId,
  DexHour,
  ElementStatus,
  KeyPermission,
  MarketChange,
  Mouth,
  OrderReport,
  OrderWord,
  Position,
  Query,
  ReadId,
  Report,
  SignActionResult,
  SignedAction,
  Venue,
  VenueContext,
  VenueFact,
  VenueNews,
} from "./venue.ts";
