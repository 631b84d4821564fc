import type { NeverLandedBy, OrderEvent, RefuseCause, RejectCause } from "@cloister/model";

/** A verdict given here, before anything left. */
export type LocalVerdict = {
  readonly word: "withdrawn" | "refused";
  readonly cause: RefuseCause;
  readonly text: string | undefined;
};
/** The venue's refusal of the place itself. */
export type Refusal = { readonly cause: RejectCause; readonly text: string };
/** The proof that the place can never land. */
export type NeverLanded = {
  readonly by: NeverLandedBy;
  readonly cause: RefuseCause | undefined;
  readonly text: string | undefined;
};

/** What was said of the order as a whole. Changes rarely. */
export type Verdicts = {
  readonly sentAt: number | undefined;
  readonly local: LocalVerdict | undefined;
  readonly refused: Refusal | undefined;
  readonly neverLanded: NeverLanded | undefined;
  /** Latest venue time at which reads began that missed the order. */
  readonly absentBegunAt: number | undefined;
  readonly waiting: "parent" | "trigger" | undefined;
  /** The largest modify opened and closed; 0 for none. One at a time is in flight. */
  readonly modifyOpened: number;
  readonly modifyClosed: number;
  readonly reaped: boolean;
};

export const NO_VERDICTS: Verdicts = {
  sentAt: undefined,
  local: undefined,
  refused: undefined,
  neverLanded: undefined,
  absentBegunAt: undefined,
  waiting: undefined,
  modifyOpened: 0,
  modifyClosed: 0,
  reaped: false,
};

type Verdict = Extract<
  OrderEvent,
  {
    readonly type:
      | "request.sent"
      | "modify.opened"
      | "local.withdrawn"
      | "local.refused"
      | "venue.waiting"
      | "venue.refused"
      | "proof.neverLanded"
      | "proof.absent";
  }
>;

/** The same object when the verdict says nothing new. Two of a kind join without regard to arrival. */
export function joinVerdict(verdicts: Verdicts, event: Verdict): Verdicts {
  switch (event.type) {
    case "request.sent":
      return verdicts.sentAt === undefined || event.at < verdicts.sentAt
        ? { ...verdicts, sentAt: event.at }
        : verdicts;
    case "modify.opened":
      return event.id > verdicts.modifyOpened ? { ...verdicts, modifyOpened: event.id } : verdicts;
    case "local.withdrawn":
    case "local.refused": {
      const local = first(verdicts.local, localVerdict(event), wordsOfLocal);
      return local === verdicts.local ? verdicts : { ...verdicts, local };
    }
    case "venue.waiting": {
      // The parent comes first, so the trigger is the later word.
      const waiting = verdicts.waiting === "trigger" ? "trigger" : event.waitsFor;
      return waiting === verdicts.waiting ? verdicts : { ...verdicts, waiting };
    }
    case "venue.refused": {
      const { cause, text } = event;
      const refused = first(verdicts.refused, { cause, text }, wordsOfRefusal);
      return refused === verdicts.refused ? verdicts : { ...verdicts, refused };
    }
    case "proof.neverLanded": {
      const { by, cause, text } = event;
      const neverLanded = first(verdicts.neverLanded, { by, cause, text }, wordsOfProof);
      return neverLanded === verdicts.neverLanded ? verdicts : { ...verdicts, neverLanded };
    }
    case "proof.absent":
      return verdicts.absentBegunAt === undefined || event.begunAt > verdicts.absentBegunAt
        ? { ...verdicts, absentBegunAt: event.begunAt }
        : verdicts;
  }
}

function localVerdict(
  event: Extract<OrderEvent, { readonly type: "local.withdrawn" | "local.refused" }>,
): LocalVerdict {
  return event.type === "local.withdrawn"
    ? { word: "withdrawn", cause: event.cause, text: undefined }
    : { word: "refused", cause: event.cause, text: event.text };
}

/** The alphabetically first of two: arbitrary, but the same whichever came first. */
function first<Told>(old: Told | undefined, news: Told, wordsOf: (told: Told) => string): Told {
  return old === undefined || wordsOf(news) < wordsOf(old) ? news : old;
}

/** Separates words in a sort key; lower than any letter. */
const GAP = "\u0000";

function wordsOfLocal(local: LocalVerdict): string {
  return [local.word, local.cause, local.text ?? ""].join(GAP);
}

function wordsOfRefusal(refusal: Refusal): string {
  return [refusal.cause, refusal.text].join(GAP);
}

/** A proof that names its cause comes before one that does not. */
function wordsOfProof(proof: NeverLanded): string {
  return [proof.cause ?? "\uffff", proof.by, proof.text ?? ""].join(GAP);
}
