import { basename } from "node:path";
import { countOf, InputError, isAddress, quote } from "@clew/core";
import { SaxesParser, type SaxesTagPlain } from "saxes";
import { z } from "zod";
import {
	countUp,
	type LabelList,
	type ListBytes,
	type ListedLabel,
	parseJson,
	type ReadOptions,
	type RowTally,
	tallyRows,
	utf8,
} from "../read-list.js";
import { listedAccount } from "./chain-codes.js";

const PUBLISHER = "OFAC SDN list (US Treasury)";
const LICENCE = "public domain (US government work)";
/** Authority data on GraphSense's scale. */
const CONFIDENCE = 60;
/** A type of feature that holds addresses of an asset, however its words are spaced and joined. */
const FEATURE = /^digital\s+currency\s+address\s*[-\u2010-\u2015\u2212]\s*([A-Za-z0-9]+)$/i;
/** A type that may hold addresses, and is not understood. */
const LIKE_FEATURE = /digital|crypto|virtual|currency|wallet/i;

/**
 * Reads OFAC's list: the advanced XML, streamed, with names and dates of designation; or the addresses of one asset, one a line or as a
 * JSON array, in a file whose name ends in the asset's code as in `ofac-ETH.txt` or `sanctioned_addresses_ETH.json`. Throws InputError when
 * it is cut off, is another document, or names no address.
 */
export function readOfac(list: ListBytes, options: ReadOptions): LabelList {
	const text = utf8(list).replace(/^\ufeff/, "");
	const tally = tallyRows(options);
	if (/^\s*</.test(text)) return readAdvancedXml(text, list, tally);
	return readAddresses(/^\s*[[{]/.test(text) ? jsonAddresses(list) : plainAddresses(text, list), list, tally);
}

function base(list: ListBytes, { skipped, unusable }: RowTally) {
	return { id: "ofac", publisher: PUBLISHER, licence: LICENCE, skipped, unusable, notRead: [], file: list.file };
}

interface AddressRow {
	readonly where: string;
	readonly address: unknown;
}

function plainAddresses(text: string, list: ListBytes): AddressRow[] {
	const lines = text.split(/\r?\n/);
	const last = lines.at(-1)?.trim() ?? "";
	if (last !== "" && !wholeAddress(last))
		throw new InputError("does not end with a line break or a whole address", {
			where: list.path,
			hint: "It may be cut off: get the list again.",
		});
	return lines
		.map((line, i) => ({ where: `${list.path}:${i + 1}`, address: line.trim() }))
		.filter(({ address }) => address !== "" && !address.startsWith("#"));
}

/** True where an address cannot be the beginning of a longer one. */
function wholeAddress(text: string): boolean {
	try {
		return "subject" in listedAccount(text, codeOfForm(text));
	} catch {
		return false;
	}
}

function jsonAddresses(list: ListBytes): AddressRow[] {
	const parsed = z.array(z.unknown()).safeParse(parseJson(list));
	if (!parsed.success) throw new InputError("is not a JSON array of addresses", { where: list.path });
	return parsed.data.map((address, i) => ({ where: `${list.path}: row ${i + 1}`, address }));
}

function readAddresses(rows: readonly AddressRow[], list: ListBytes, tally: RowTally): LabelList {
	const code = /(?:^|[^A-Za-z0-9])([A-Z0-9]{2,5})\.(?:txt|json)$/.exec(basename(list.path))?.[1];
	const labels: ListedLabel[] = [];
	const seen = new Set<string>();
	for (const { where, address } of rows)
		tally.row(where, () => {
			if (typeof address !== "string") throw new InputError("is not text", { where });
			const subject = subjectOf(address, code ?? codeOfForm(address), tally);
			if (subject === undefined || seen.has(subject)) return;
			seen.add(subject);
			labels.push(sanctioned(subject, "OFAC SDN", "", ""));
		});
	// A list of one asset replaces only its like.
	return {
		...base(list, tally),
		id: code === undefined ? "ofac" : `ofac-${code}`,
		retrievedAt: "",
		answers: { question: "sanctions", part: code ?? "unnamed" },
		labels,
	};
}

const codeOfForm = (address: string) => (isAddress(address.trim()) ? "ETH" : "XBT");

function sanctioned(subject: string, entity: string, validFrom: string, program: string): ListedLabel {
	return {
		subject,
		category: "sanctioned",
		entity,
		name: program === "" ? entity : program,
		confidence: CONFIDENCE,
		validFrom,
		validUntil: "",
	};
}

/**
 * The account of an address under an asset's code; undefined, and counted, where its chain is not followed. Letters' case is no checksum
 * here: OFAC publishes any.
 */
function subjectOf(address: string, code: string, { skipped }: RowTally): string | undefined {
	const text = address.trim();
	const listed = listedAccount(isAddress(text) ? text.toLowerCase() : text, code);
	if ("subject" in listed) return listed.subject;
	countUp(skipped, listed.notFollowed);
	return undefined;
}

interface Profile {
	readonly id: string;
	name: string;
	readonly features: { code: string; address: string }[];
}

/** What the elements on the way say, as the parser walks through the document. */
class AdvancedXml {
	readonly featureCodes = new Map<string, string>();
	/** Values of other types that may be addresses, by the type's words. */
	readonly notUnderstood = new Map<string, number>();
	private readonly featureTypes = new Map<string, string>();
	readonly profiles: Profile[] = [];
	readonly entryDates = new Map<string, string>();
	readonly programs = new Map<string, string>();
	root = "";
	issued = "";
	private readonly path: string[] = [];
	private readonly texts: string[] = [];
	private attributes: Record<string, string> = {};
	private profile: Profile | undefined;
	private featureType = "";
	private names: string[] = [];
	private primary = false;
	private entry = "";
	private date = { Year: "", Month: "", Day: "" };

	open({ name, attributes }: SaxesTagPlain): void {
		const tag = name.slice(name.indexOf(":") + 1);
		if (this.path.length === 0) this.root = tag;
		this.path.push(tag);
		this.texts.push("");
		if (tag === "FeatureType") this.attributes = attributes;
		else if (tag === "Profile") this.profile = { id: attributes["ID"] ?? "", name: "", features: [] };
		else if (tag === "Alias") [this.primary, this.names] = [attributes["Primary"] === "true", []];
		else if (tag === "Feature") this.featureType = attributes["FeatureTypeID"] ?? "";
		else if (tag === "SanctionsEntry") this.entry = attributes["ProfileID"] ?? "";
		else if (tag === "Date" || tag === "DateOfIssue") this.date = { Year: "", Month: "", Day: "" };
	}

	text(text: string): void {
		const at = this.texts.length - 1;
		if (at >= 0) this.texts[at] += text;
	}

	close(): void {
		const tag = this.path.pop() ?? "";
		const text = (this.texts.pop() ?? "").trim();
		const parent = this.path[this.path.length - 1] ?? "";
		if (tag === "FeatureType") this.type(this.attributes["ID"] ?? "", text);
		else if (tag === "NamePartValue") this.names.push(text);
		else if (tag === "Alias" && this.primary && this.profile?.name === "") this.profile.name = this.names.join(" ");
		else if (tag === "VersionDetail") this.feature(text);
		else if (tag === "Profile" && this.profile !== undefined) {
			if (this.profile.features.length > 0) this.profiles.push(this.profile);
			this.profile = undefined;
		} else if (tag === "Year" || tag === "Month" || tag === "Day") this.date[tag] = text;
		else if (tag === "Date" && parent === "EntryEvent") this.entryDates.set(this.entry, this.isoDate());
		else if (tag === "DateOfIssue") this.issued = this.isoDate();
		else if (tag === "Comment" && parent === "SanctionsMeasure" && text !== "" && !this.programs.has(this.entry))
			this.programs.set(this.entry, text);
	}

	private feature(text: string): void {
		if (text === "") return;
		const code = this.featureCodes.get(this.featureType);
		if (code !== undefined) this.profile?.features.push({ code, address: text });
		else {
			const type = this.featureTypes.get(this.featureType);
			if ((type !== undefined && LIKE_FEATURE.test(type)) || isAddress(text.toLowerCase()))
				countUp(this.notUnderstood, type === undefined ? `number ${this.featureType}, which the list does not explain` : quote(type));
		}
	}

	private type(id: string, text: string): void {
		const [, code] = FEATURE.exec(text) ?? [];
		if (code === undefined) this.featureTypes.set(id, text);
		else this.featureCodes.set(id, code.toUpperCase());
	}

	private isoDate(): string {
		const { Year, Month, Day } = this.date;
		return Year === "" ? "" : `${Year.padStart(4, "0")}-${(Month || "1").padStart(2, "0")}-${(Day || "1").padStart(2, "0")}`;
	}
}

function readAdvancedXml(text: string, list: ListBytes, tally: RowTally): LabelList {
	const xml = new AdvancedXml();
	const parser = new SaxesParser();
	parser.on("opentag", (tag) => xml.open(tag as SaxesTagPlain));
	parser.on("text", (part) => xml.text(part));
	parser.on("closetag", () => xml.close());
	parser.on("error", (error) => {
		throw new InputError(`is not whole XML: ${error.message}`, {
			where: list.path,
			hint: "The download may be cut off: get the list again.",
		});
	});
	parser.write(text).close();
	if (xml.root !== "Sanctions") throw new InputError("is not OFAC's advanced XML (no element Sanctions)", { where: list.path });
	const labels: ListedLabel[] = [];
	const seen = new Set<string>();
	for (const { id, name, features } of xml.profiles)
		for (const { code, address } of features)
			tally.row(`${list.path}: profile ${id}`, () => {
				const subject = subjectOf(address, code, tally);
				if (subject === undefined || seen.has(`${subject} ${id}`)) return;
				seen.add(`${subject} ${id}`);
				labels.push(
					sanctioned(subject, name === "" ? `OFAC profile ${id}` : name, xml.entryDates.get(id) ?? "", xml.programs.get(id) ?? ""),
				);
			});
	const notRead = [...xml.notUnderstood].map(([type, n]) => `${countOf(n, "value")} of feature type ${type}: maybe addresses`);
	return { ...base(list, tally), notRead, retrievedAt: xml.issued, answers: { question: "sanctions", part: "" }, labels };
}
