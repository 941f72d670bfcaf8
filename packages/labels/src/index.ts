export { type LabelDefaults, type LabelFile, readCaseLabels } from "./import-labels.js";
export { LIST_KINDS, LIST_URLS, type ListKind, readDownloaded, readList } from "./lists.js";
export type { LabelList, ListedLabel, ReadOptions } from "./read-list.js";
export { type StarterList, starterLists } from "./starter.js";
