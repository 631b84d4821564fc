import type { Alarm, AlarmName } from "@cloister/model";
import type { Turn } from "../inbox/turn.ts";

/** Alarms that say nothing of what the venue has: a look at it would explain nothing. */
const OF_OURSELVES: ReadonlySet<AlarmName> = new Set([
  "actorRebuilt",
  "budgetLow",
  "bufferOverflow",
  "clockSkew",
  "fillKeysForgotten",
  "fillsTruncated",
  "frameUnrecognized",
  "inputFailed",
  "journalDamaged",
  "journalFailed",
  "keyExpired",
  "keyExpires",
  "readsFailing",
  "signFailed",
  "streamSilent",
  "subscriberFailed",
  "tombstoneForgotten",
]);

/** Whether the turn raised an alarm that a look at the venue might explain. */
export function isAlarming({ alarms, changes }: Turn): boolean {
  const tells = ({ name }: Alarm): boolean => !OF_OURSELVES.has(name);
  return alarms.some(tells) || changes.some((change) => change.alarms.some(tells));
}
