export { type Explorer, type ExplorerOptions, openExplorer } from "./server/serve.js";
