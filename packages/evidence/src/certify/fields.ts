import { fieldFile } from "../bundle/field-file.js";

/** What only who signs can say; of each what its blank says. A law's template uses those that the law asks for. */
export const CERTIFICATE_FIELDS = {
	name: "full name of who signs",
	position: "position or occupation of who signs",
	organisation: "organisation of who signs",
	address: "address of who signs, or where they are employed",
	qualifications: "qualifications, relevant experience and accreditation of who signs",
	relation: "son, daughter or spouse of whom",
	court: "court",
	proceedings: "number and title of the proceedings",
	instructed_by: "who gave the instructions, and when",
	instructions: "substance of all material instructions, written or oral",
	literature: "literature and other material relied on besides the bundle, or none",
	device: "make and model, colour, serial number, other identifiers of the device or source",
	interests: "conflicts of interest, or none",
	code: "code of practice of the discipline, and where it was not followed",
	place: "place of signing",
	date: "date of signing",
	time: "time of signing",
} as const;

type CertificateField = keyof typeof CERTIFICATE_FIELDS;
/** What who signs said in each field; empty where they did not. */
export type CertificateFields = Readonly<Record<CertificateField, string>>;

const FILE = fieldFile<CertificateField>("clew.certificate-fields/1", CERTIFICATE_FIELDS, ["date"]);

/** Fields of which nobody said anything. */
export const NO_CERTIFICATE_FIELDS: CertificateFields = FILE.none;

/** Reads a file of fields (docs/certify.md). Throws InputError with the place. */
export const readCertificateFields: (path: string) => CertificateFields = FILE.read;
