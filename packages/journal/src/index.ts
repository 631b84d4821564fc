export { askBrake } from "./brake/ask-brake.ts";
export type { BrakeAnswer, BrakeControl, BrakeRequest, BrakeStatus } from "./brake/brake-words.ts";
export { type ServedBrake, serveBrake } from "./brake/serve-brake.ts";
export type { Disk } from "./disk/disk.ts";
export {
  type Durability,
  fileJournal,
  type FileJournal,
  type FileJournalOptions,
} from "./file-journal.ts";
export { findOrder, type FindOptions, type FoundOrder } from "./find-order.ts";
export type { Holder, Host } from "./lock/host.ts";
export { type MemoryJournal, type MemoryJournalOptions, memoryJournal } from "./memory-journal.ts";
export type { Retain } from "./retention.ts";
export { type FileSurvey, type JournalSurvey, surveyJournal } from "./survey-journal.ts";
export { isUnfinished } from "./unfinished.ts";
export { readNewestCheckpoint, type ReadOptions, readRecords } from "./read-journal.ts";
