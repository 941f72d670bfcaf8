import { fieldFile } from "../bundle/field-file.js";
import type { RequestDocument } from "./request-document.js";

/** What desks ask for and only a person can say, in the order of a request; of each what its blank says. */
const FIELDS = {
	agency: "agency, unit and country",
	officer: "officer or lawyer who signs",
	badge: "badge or staff number of who signs",
	email: "e-mail address at the agency's own domain",
	telephone: "telephone number that the recipient can find in a public register and call back",
	authority: "court, prosecutor or office under whose authority this is sent",
	counsel: "prosecutor or counsel in charge, and how to reach them",
	order: "number and date of the order or of the criminal complaint, if there is one",
	urgency: "how urgent it is, and why",
	until: "date until which records and amounts are to be kept",
	channel: "secure channel for the answer",
	suspects: "suspects, by name or by reference",
	victims: "victims by reference, such as a file number, not by name",
} as const;

type RequestField = keyof typeof FIELDS;
/** What a person said in each field; empty where nobody did. */
export type RequestFields = Readonly<Record<RequestField, string>>;

const FILE = fieldFile<RequestField>("clew.request-fields/1", FIELDS, ["until"]);

/** Fields of which nobody said anything. */
export const NO_FIELDS: RequestFields = FILE.none;

/** Reads a file of fields (docs/freeze.md). Throws InputError with the place. */
export const readRequestFields: (path: string) => RequestFields = FILE.read;

/** What else a person must say where nobody did: of the case (`clew case set`), and of the recipient (the registry). */
const OTHERS = [
	{ path: "details.requester", placeholder: "requester", words: "who asks", of: ({ details }: Stated) => details.requester },
	{ path: "details.legalBasis", placeholder: "legal_basis", words: "legal basis", of: ({ details }: Stated) => details.legalBasis },
	{ path: "details.jurisdiction", placeholder: "jurisdiction", words: "jurisdiction", of: ({ details }: Stated) => details.jurisdiction },
	{ path: "to.address", placeholder: "recipient_address", words: "address of the recipient", of: ({ to }: Stated) => to.address },
	{ path: "to.channel", placeholder: "recipient_channel", words: "how the recipient takes requests", of: ({ to }: Stated) => to.channel },
] as const;

type Stated = Pick<RequestDocument, "details" | "fields" | "to">;

/** What a person may say in a request: its place in `request.json`, its placeholder, what its blank says, and what was said or "". */
export function statements(request: Stated): { path: string; placeholder: string; words: string; text: string }[] {
	return [
		...OTHERS.map(({ of, ...one }) => ({ ...one, text: (of(request) ?? "").trim() })),
		...FILE.names.map((name) => ({ path: `fields.${name}`, placeholder: name, words: FIELDS[name], text: request.fields[name].trim() })),
	];
}
