import { en, type Messages } from "./en.js";

/** The first page of a report on sources: where money came from. In English alone. */
export const backward: Messages = {
	...en,
	taken: "{amount} is asked about: {arrivals} at {who} ({rows}).",
	arrivals: { one: "{n} payment or balance", many: "{n} payments or balances" },
	nothingTaken: "Nothing is known to have been where the questions ask.",
	moved: "Before that {movements} of this money are known until {last}, by which it came from {ends}.",
	movedUntimed: "Before that {movements} of this money are known, whose time the case does not tell, by which it came from {ends}.",
	ends: { one: "{n} source", many: "{n} sources" },
	notMoved: "No movement of it before that is known; {ends} stand in this report.",
	where: "Where it came from",
	records: {
		title: "Ask for records",
		what: "It came from or through somebody who may keep records. The police or a court can ask who paid it in.",
		none: "None of it is known to have come from somebody who keeps records.",
	},
	moving: {
		title: "Other sources, or not yet fetched",
		what: "It was there before, was newly made, or nobody has looked yet where it came from. Fetch these histories to go further back.",
		none: "No source is of this kind.",
	},
	number: "source {n}",
	numbers: "sources {list}",
	sums: "Under {rule}: {parts} = {taken} asked about.",
	parts: { ...en.parts, moving: "{amount} from other sources or not fetched" },
	agreed: "{by} agrees on {amount} of the sources, each taken by itself.",
	widest: "They differ most at source {n}, {who}: from {least} to {most}.",
	rests: en.rests.replace("end points", "sources"),
	noRange: "They say the same of every source.",
	limits: "It is no legal process, no finding of guilt, and says nothing of whoever paid: an account is not a person.",
};
