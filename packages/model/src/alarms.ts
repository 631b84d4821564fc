import type { Cloid } from "./cloid.ts";

/** Every alarm there is, with what to do about it. The README table is generated from this list. */
export const ALARMS = {
  lateFill: "A fill arrived after the order had ended. It is booked; check the position.",
  overfill: "Fills exceed the order's size. They are booked; check the position.",
  otherPrice:
    "A trade was repeated with another price or size. The first stays; compare with the venue.",
  contradicted: "An ended order was told otherwise. The new verdict stands; read its evidence.",
  revived: "An ended order lives again at the venue. Cancel it or keep it.",
  impossible: "A local verdict was given to an order that the venue knows. Report it.",
  unknownWord: "The venue used a word we do not know. The order is being asked about.",
  ledgerIncomplete:
    "Fills of an ended order are missing and were not found. Compare with the venue.",
  signerShared:
    "A nonce was spent that we did not spend: who else signs with this key? Places wait until it is proved.",
  signerUnknown:
    "The venue does not know the key, or the account. Trading is halted; mend it and resume.",
  postOnlyPeriod: "The venue takes post-only orders for now. Others are refused here for a while.",
  severalLegs:
    "More than one order lives under one cloid. All count; cancel, or find who placed it.",
  oidOrder:
    "A newer leg of an order has a smaller oid. Which leg counts is told by their words; look at the venue.",
  excess: "A fill raced a modify: more is filled or resting than was intended. See onExcess.",
  doubtExhausted: "A request stays doubtful after every effort; it is asked slowly from now on.",
  signFailed: "A cancel could not be signed. It is tried again; check the key.",
  cancelStuck: "A cancel was sent ten times and the order still lives. Look at the venue.",
  actorRebuilt: "An actor failed on an event; it was rebuilt and the event set aside.",
  inputFailed:
    "A step of the engine threw. The input is recorded and the engine goes on. Report it.",
  subscriberFailed: "A subscriber of a stream threw. It was isolated; mend it.",
  frameUnrecognized: "A frame was not understood. It is kept with its text.",
  strangerFill: "A fill belongs to no order of ours. It is booked to the account.",
  forgotten:
    "The venue does not know an order that was believed live. It counts as live until that is proved; look at the venue.",
  positionDiffers:
    "The venue's position is not what our fills make of it. The venue's counts from then on; look for missed fills.",
  orphan: "An order with our mark was not in our book. It is adopted once the venue lists it.",
  positionGap:
    "Fills do not join by the positions they state, and a search brought none. Compare with the venue.",
  fillsTruncated:
    "A list of fills was cut, so fills may be missing in its window. Compare with the venue.",
  fillKeysForgotten:
    "More fills came than fillKeysMax before a whole read of them: late ones are not booked. Raise the limit.",
  readsFailing:
    "The venue could not be read for a minute. What its streams do not tell goes unnoticed; look at the venue.",
  streamSilent:
    "The venue's lists show what its streams did not tell. The connection is made anew.",
  bufferOverflow:
    "More events came during a recovery than recoveryBufferMax. They were applied, and the recovery begins again.",
  keyExpires:
    "The key may not sign much longer. Approve a fresh one (never one that was used before) and start again with it.",
  keyExpired:
    "The key may not sign any more: the venue refuses whatever it signs. Approve a fresh one and start again with it.",
  marketsChanged:
    "The venue changed its markets. The new rules hold here from now on; look at what rests on those coins.",
  stalled:
    "This process stood still: nothing was sent or heard meanwhile. Find what blocks it; the venue is looked at anew.",
  tombstoneForgotten:
    "An order that was reaped less than a day ago no longer answers late events. Raise the limit tombstones.",
  journalDamaged:
    "Records of an earlier life are missing or unreadable. What is live is read from the venue; look at the journal.",
  journalFailed: "The journal could not be written. Places are refused until resume.",
  clockSkew:
    "The local clock and the venue's differ by more than skewMaxMs. Places wait; set the clock right.",
  budgetLow:
    "A budget at the venue runs out. Places will be refused then: send less, or do what its text says.",
} as const;

export type AlarmName = keyof typeof ALARMS;

export type Alarm = {
  readonly name: AlarmName;
  readonly cloid?: Cloid;
  readonly text: string;
};
