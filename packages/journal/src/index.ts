export { type MemoryJournal, type MemoryJournalOptions, memoryJournal } from "./memory-journal.ts";
