import { defangLong, InputError } from "@clew/core";
import { type Cell, cell, code, type Paper, type Section, text } from "../document/model.js";
import { toPdf } from "../document/pdf.js";
import { toText } from "../document/text.js";
import { blanksOf, fillTemplate, type TemplateValues } from "../freeze/template.js";
import { failureText } from "../verify/failure.js";
import type { VerifyReport } from "../verify/report.js";
import { certificateBlocks } from "./blocks.js";
import { type BundleFacts, bundleFacts } from "./facts.js";
import { CERTIFICATE_FIELDS, type CertificateFields } from "./fields.js";
import { type CertificationLaw, certificationTemplate } from "./laws.js";

/** What a draft is written from: a bundle that was verified, and what who signs said. */
export interface CertificateInput {
	readonly law: CertificationLaw;
	/** Name of the folder or file of the bundle. */
	readonly name: string;
	readonly files: ReadonlyMap<string, Uint8Array>;
	/** What the check of these files found. */
	readonly report: VerifyReport;
	readonly fields: CertificateFields;
}

/** A draft, as a paper, and what is left in it for a person. */
export interface CertificateDraft {
	readonly text: string;
	pdf(): Promise<Uint8Array>;
	readonly seal: BundleFacts["seal"];
	/** Fields that are empty as `fields.NAME`, then the wording's own blanks behind `wording: `. */
	readonly blanks: readonly string[];
}

const DRAFT = "DRAFT, NOT SIGNED";

/**
 * Drafts a certification under a law (docs/certify.md). What it says of the bundle is computed from the bundle alone; what only a person
 * can say is a marked blank where the fields do not say it. Throws InputError for a bundle that does not verify, or is no whole one.
 */
export function draftCertificate(input: CertificateInput): CertificateDraft {
	const { law, name, files, report, fields } = input;
	if (!report.ok || report.kind !== "bundle")
		throw new InputError(
			report.ok ? `it is no whole bundle, but a ${report.kind}` : `it does not verify: ${failureText(report.failures[0])}`,
			{
				where: name,
				hint: "A certification is drafted of a bundle that verifies.",
			},
		);
	const template = certificationTemplate(law);
	let facts: BundleFacts;
	let paper: Paper;
	try {
		facts = bundleFacts(name, files, report);
		paper = framed(fillTemplate(template, valuesOf(facts, fields), `${law.id}.txt`), law, facts);
	} catch (cause) {
		throw new InputError(`no certification can be drafted of this data: ${(cause as Error).message}`, { where: name, cause });
	}
	const used = Object.entries(fields).filter(([field]) => new RegExp(`\\{\\{${field}(_day_first)?\\}\\}`).test(template));
	return {
		text: toText(paper),
		pdf: () => toPdf(paper),
		seal: facts.seal,
		blanks: [
			...used.flatMap(([field, said]) => (said === "" ? [`fields.${field}`] : [])),
			...blanksOf(template, conditionsOf(facts)).map((words) => `wording: ${words}`),
		],
	};
}

/** Lines of a template that stand only where the bundle has what they speak of. */
function conditionsOf({ files, report }: BundleFacts): TemplateValues["conditions"] {
	const has = (folder: string) => files.some(({ path }) => path.startsWith(folder));
	const recomputed = report.recomputed !== undefined;
	return {
		where_inputs: has("inputs/"),
		where_no_inputs: !has("inputs/"),
		where_answers: has("answers/"),
		where_received: has("received/"),
		where_recomputed: recomputed,
		where_not_recomputed: !recomputed,
	};
}

function valuesOf(facts: BundleFacts, fields: CertificateFields): TemplateValues {
	const { seal, manifest, files } = facts;
	const [year, month, day] = fields.date.split("-");
	const said = { ...fields, date_day_first: fields.date === "" ? "" : `${day}/${month}/${year}` };
	const words: Readonly<Record<string, string>> = { ...CERTIFICATE_FIELDS, date_day_first: CERTIFICATE_FIELDS.date };
	return {
		conditions: conditionsOf(facts),
		subtitle: "",
		handling: "",
		texts: {
			...Object.fromEntries(Object.entries(said).map(([name, value]) => [name, defangLong(value)])),
			manifest_sha256: seal.sha256,
			manifest_sha512: seal.sha512,
			tool: `${defangLong(manifest.tool.name)} ${defangLong(manifest.tool.version)}`,
			inputs: files.filter(({ path }) => path.startsWith("inputs/")).length.toString(),
		},
		empty: Object.fromEntries(Object.entries(said).flatMap(([name, value]) => (value === "" ? [[name, words[name] ?? name]] : []))),
		blocks: certificateBlocks(facts),
	};
}

/** Says on every page that it is a draft, and adds what the law asks and the list of hashes. */
function framed(paper: Paper, law: CertificationLaw, facts: BundleFacts): Paper {
	const { handling } = facts.manifest.details;
	return {
		title: `${DRAFT}: ${paper.title}`,
		subtitle: `Checked by counsel: no. Of the evidence bundle of trace ${facts.result.id}, whose check says: ${facts.report.verdict}.`,
		handling: handling === "" ? DRAFT : `${DRAFT}. Handling of the bundle: ${defangLong(handling)}`,
		sections: [aboutSection(law), ...paper.sections, annexSection(facts)],
	};
}

function aboutSection({ citation, asks }: CertificationLaw): Section {
	return {
		heading: "About this draft, to be removed before signing",
		blocks: [
			text(
				"Software filled in what it computed from the bundle, and nothing else. It becomes a certification only when a person who may make it has read it, filled in every blank, struck out what is not so, and signs. It is no legal advice, and laws change: compare it with the law in force on the day of signing.",
			),
			{
				kind: "terms",
				terms: [
					["Law", citation],
					["Checked by counsel", "no"],
				],
			},
			text("What the law asks, in our words:"),
			{ kind: "list", items: asks.map((one) => [one]) },
		],
	};
}

function annexSection({ files }: BundleFacts): Section {
	return {
		heading: "Annex: hash report",
		wide: true,
		blocks: [
			text(
				"Computed from the bundle's files when this draft was written. manifest.json lists all others, but for its own signature and time stamp.",
			),
			{
				kind: "table",
				caption: "Files of the bundle",
				columns: [
					{ name: "file", width: 4 },
					{ name: "bytes", width: 1.5, numeric: true },
					{ name: "SHA-256", width: 5 },
					{ name: "SHA-512", width: 8 },
				],
				rows: files.map(({ path, bytes, sha256, sha512 }): Cell[] => [
					cell(code(defangLong(path))),
					cell(bytes.toString()),
					cell(code(sha256)),
					cell(code(sha512)),
				]),
			},
		],
	};
}
