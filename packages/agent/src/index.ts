export { type Budget, DEFAULT_BUDGET } from "./budget.js";
export { refOf } from "./outside.js";
export { runJailed } from "./run-jailed.js";
export { type ServeOptions, serve } from "./serve.js";
export { SERVED, type ServedCase } from "./served.js";
export { ENDED, logFolderOf, type Proposal, type ReadLog, readLogs, SessionLog } from "./session-log.js";
