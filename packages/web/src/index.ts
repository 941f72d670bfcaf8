export { type Explorer, type ExplorerOptions, openExplorer } from "./server/serve.js";
export { sharePage } from "./share-page.js";
