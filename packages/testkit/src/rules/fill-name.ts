/** What makes a fill itself (design rule 1), spelled anew: the audit shares no code with what it audits. */
export function fillName(fill: {
  readonly coin: string;
  readonly oid: number;
  readonly tid: number;
  readonly at: number;
}): string {
  return `${fill.coin} ${fill.oid} ${fill.tid} ${fill.at}`;
}
