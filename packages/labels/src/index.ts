export { type LabelDefaults, type LabelFile, readLabels } from "./import-labels.js";
