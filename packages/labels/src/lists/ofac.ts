import { basename } from "node:path";
import { accountId, BITCOIN_NETWORKS, type ChainId, ClewError, InputError, isAddress, parseChainId } from "@clew/core";
import { SaxesParser, type SaxesTagPlain } from "saxes";
import { countUp, type LabelList, type ListBytes, type ListedLabel, utf8 } from "../read-list.js";

const PUBLISHER = "OFAC SDN list (US Treasury)";
const LICENCE = "public domain (US government work)";
/** Authority data on GraphSense's scale. */
const CONFIDENCE = 60;
const FEATURE = "Digital Currency Address - ";
const MAINNET = BITCOIN_NETWORKS[0]?.chain;
/** OFAC's codes for what Clew follows. A token's code names the token that was used; the address is an account of its chain. */
const EVM_CODES: Readonly<Record<string, ChainId>> = {
	ETH: parseChainId("eip155:1"),
	USDC: parseChainId("eip155:1"),
	USDT: parseChainId("eip155:1"),
	ARB: parseChainId("eip155:42161"),
	BSC: parseChainId("eip155:56"),
	ETC: parseChainId("eip155:61"),
};

/**
 * Reads OFAC's list: the advanced XML, streamed, with names and dates of designation; or a plain list, one address a line, whose
 * file name ends in the asset's code as in `ofac-ETH.txt`. Throws InputError when it is cut off, is another document, or names no address.
 */
export function readOfac(list: ListBytes): LabelList {
	const text = utf8(list);
	return /^\s*(\ufeff)?\s*</.test(text.slice(0, 64)) ? readAdvancedXml(text, list) : readPlain(text, list);
}

function base(list: ListBytes) {
	return { id: "ofac", publisher: PUBLISHER, licence: LICENCE, file: list.file };
}

function readPlain(text: string, list: ListBytes): LabelList {
	const code = /([A-Z]{3,4})\.txt$/.exec(basename(list.path))?.[1];
	const labels: ListedLabel[] = [];
	const skipped = new Map<string, number>();
	const seen = new Set<string>();
	const lines = text.split(/\r?\n/);
	if (lines[lines.length - 1] !== "")
		throw new InputError("does not end with a line break", { where: list.path, hint: "It may be cut off: get the list again." });
	for (const line of lines) {
		const address = line.trim();
		if (address === "" || address.startsWith("#")) continue;
		const subject = subjectOf(address, code ?? (isAddress(address) ? "ETH" : "XBT"), skipped);
		if (subject === undefined || seen.has(subject)) continue;
		seen.add(subject);
		labels.push(sanctioned(subject, "OFAC SDN", "", ""));
	}
	// A list of one asset replaces only its like.
	return {
		...base(list),
		id: code === undefined ? "ofac" : `ofac-${code}`,
		retrievedAt: "",
		labels,
		skipped: believable(skipped, labels, list),
	};
}

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

/** The account of an address on the chain of an asset's code; undefined, and counted, where there is none: OFAC lists a Tron address under XBT. */
function subjectOf(address: string, code: string, skipped: Map<string, number>): string | undefined {
	const chain = code === "XBT" || code === "BTC" ? MAINNET : EVM_CODES[code];
	if (chain === undefined) {
		countUp(skipped, code);
		return undefined;
	}
	try {
		return accountId(chain, isAddress(address) ? address.toLowerCase() : address);
	} catch (error) {
		if (!(error instanceof ClewError)) throw error;
		countUp(skipped, `${code}, but not an address of its chain`);
		return undefined;
	}
}

/** Throws InputError when most of a list is about something else: another file under this name. */
function believable(skipped: Map<string, number>, labels: readonly ListedLabel[], list: ListBytes): Map<string, number> {
	const odd = [...skipped].filter(([what]) => what.includes("not an address")).reduce((sum, [, count]) => sum + count, 0);
	if (odd <= labels.length) return skipped;
	throw new InputError(`${odd} of its rows are no addresses of their chain`, {
		where: list.path,
		hint: "Check that this is OFAC's list and its name says which asset.",
	});
}

interface Profile {
	readonly id: string;
	name: string;
	readonly features: { code: string; address: string }[];
}

/** What the elements on the way say, as the parser walks through the document. */
class AdvancedXml {
	readonly featureCodes = new Map<string, string>();
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
		if (tag === "FeatureType" && text.startsWith(FEATURE))
			this.featureCodes.set(this.attributes["ID"] ?? "", text.slice(FEATURE.length).trim());
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
		const code = this.featureCodes.get(this.featureType);
		if (code !== undefined && text !== "") this.profile?.features.push({ code, address: text });
	}

	private isoDate(): string {
		const { Year, Month, Day } = this.date;
		return Year === "" ? "" : `${Year.padStart(4, "0")}-${(Month || "1").padStart(2, "0")}-${(Day || "1").padStart(2, "0")}`;
	}
}

function readAdvancedXml(text: string, list: ListBytes): LabelList {
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
	const skipped = new Map<string, number>();
	const seen = new Set<string>();
	for (const { id, name, features } of xml.profiles) {
		for (const { code, address } of features) {
			const subject = subjectOf(address, code, skipped);
			if (subject !== undefined && !seen.has(`${subject} ${id}`)) {
				seen.add(`${subject} ${id}`);
				labels.push(
					sanctioned(subject, name === "" ? `OFAC profile ${id}` : name, xml.entryDates.get(id) ?? "", xml.programs.get(id) ?? ""),
				);
			}
		}
	}
	return { ...base(list), retrievedAt: xml.issued, labels, skipped: believable(skipped, labels, list) };
}
