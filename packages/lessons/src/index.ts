export {
	type DrillDone,
	makeDrill,
	type NextDrill,
	nextDrills,
	type Score,
	scoreOf,
} from "./drill/drill.js";
export { type Finding, type Marked, markFindings } from "./drill/investigation.js";
export { CHANNELS, type Channel, drawing, type Scene } from "./drill/scenes.js";
export { type CaseFacts, type Guide, type MoneyAt, makeGuide, TOPICS, type Topic } from "./guide/guide.js";
export { HELP_DESKS } from "./guide/help-desks.js";
export { guideLines, guidePage } from "./guide/page.js";
export { LANGUAGES, type Language, MESSAGES } from "./languages.js";
