import type { Trace } from "../bundle/formats.js";
import type { Ledger } from "../chain-family/family.js";
import { ledgerOf } from "../chain-family/registry.js";
import { quoted } from "../encoding/quoted.js";
import { publishedBridge } from "../evm/bridges.js";
import { entryPoint, entryPointDetail } from "../evm/entry-points.js";
import { privatePoolDetail } from "../evm/private-pools.js";
import { kindsOf } from "./coverage.js";
import { datesInWords } from "./label-dates.js";
import { labelDetail, labelReason, USUAL_CONFIDENCE } from "./stops.js";
import { dustOf } from "./what-if.js";

type Leaf = Pick<Trace["leaves"][number], "account" | "labels" | "stop">;

/** An end point, and what is known of when its money came; heights. */
export interface End extends Leaf {
	readonly asset: string;
	/** Before the first row that brought it money it has none, and no sentence speaks of an earlier block. */
	readonly first: number;
	/** Where what is still there came last, as far as that is told; else the first. */
	readonly last: number;
	/** Where money came, if every such height is known. */
	readonly came?: ReadonlySet<number>;
}

/** What a trace, or a request, states of how it was run. */
export interface Asked {
	readonly chain: string;
	readonly parameters: Readonly<Record<string, string>>;
	/** The last block of the data. */
	readonly cutoff: number;
	/** It says where money came from. */
	readonly backward?: true;
}

type Way = "forward" | "backward";

/** A sentence in which Clew says why money ended somewhere. */
interface Sentence {
	readonly text: string;
	/** The reasons that write it. */
	readonly reasons: readonly string[];
	/** Of chains of this kind alone. */
	readonly of?: Ledger;
	/** Of one direction alone. */
	readonly way?: Way;
	/** Why this end point cannot say it, by what stands in its groups. */
	readonly wrong?: (parts: readonly string[], end: End, asked: Asked) => string | undefined;
}

/** A number as results write it; heights of blocks, amounts. */
export const N = "(?:0|[1-9][0-9]{0,79})";
const KIND = "(?:native|internal|token)";
export const KINDS = `${KIND}(?: and ${KIND}){0,2}`;
const HELD = "its books still hold it, but";
const UNFETCHED = ["unfetched"];
const FORWARD = { way: "forward" } as const;
const BACKWARD = { way: "backward" } as const;
export const USUAL = { serviceTransfers: "10000", minDetectionScore: "60" } as const;
const NO_LIMIT = "end of data";
const START = "start of data";

/** What stands behind the dates of a label: how it stood when the money came. */
const STANDINGS = [
	", after the money came",
	": it did not hold any more when the money came",
	": it held for a part only of the time in which the money came",
	": whether it held when the money came is unknown",
];

/** What was seen to happen behind which money is somebody else's, by the reason that it gives. */
export const SEEN: Readonly<Record<string, string | undefined>> = {
	"deposit-address": "service",
	"custodial-service": "service",
	"hot-wallet": "service",
	"cold-wallet": "service",
	"mixer-pool": "mixer",
	bridge: "bridge",
	"dex-pool": "swap",
};

/** Every sentence but for those that a label, or a published contract, gives; earlier versions' too. */
const SENTENCES: readonly Sentence[] = [
	{
		...FORWARD,
		...{ text: `still there at block (${N}), where its data ends`, reasons: ["unspent"], of: "accounts" },
		wrong: ([block], end, asked) => heightWrong(block, end.last, lastBlock(asked)),
	},
	{
		...FORWARD,
		...{ text: `still there at the end of the data(?: \\(block (${N})\\))?`, reasons: ["unspent"] },
		// What is unspent of outputs is known up to the last block, whatever the trace looked at.
		wrong: ([block], end, { cutoff }) => (block === undefined ? undefined : heightWrong(block, end.first, cutoff)),
	},
	{
		...FORWARD,
		...{ text: `held at height (${N}); it has later transfers`, reasons: ["time-window"], of: "accounts" },
		wrong: ([block], _, asked) => sameAs(block, "until", asked, NO_LIMIT),
	},
	{
		...FORWARD,
		...{ text: `held at height (${N}); spent later`, reasons: ["time-window"], of: "outputs" },
		wrong: ([block], _, asked) => sameAs(block, "until", asked, NO_LIMIT),
	},
	{ text: "nobody holds the key of this address", reasons: ["burned"], of: "accounts" },
	{ text: "an output that nobody can spend", reasons: ["burned"], of: "outputs" },
	{
		...{ text: `its (${KIND}) history at height (${N}) is not (?:known to be whole )?in the case`, reasons: UNFETCHED, of: "accounts" },
		wrong: ([kind = "", block], end, asked) =>
			kind === (isCoin(end.asset) ? "native" : "token") ? cameAt(block, end, asked) : `no ${kind} history tells of ${end.asset}`,
	},
	{
		text: `${HELD} in block (${N}) it paid and was paid in an order that no source tells: whether it paid this there is not known`,
		...{ reasons: UNFETCHED, of: "accounts", ...FORWARD },
		wrong: ([block], { first }, asked) => heightWrong(block, first, lastBlock(asked)),
	},
	{
		text: `${HELD} it paid (?:again after block (${N}), where what was read of it ends|in or after block (${N}), from which on its history is not known to be whole): what else left it is not known`,
		...{ reasons: UNFETCHED, of: "accounts", ...FORWARD },
		wrong: ([before, block = before], _, asked) => heightWrong(block, 0, lastBlock(asked)),
	},
	{
		text: `${HELD} its fees from block (${N}) on are told in part alone: how much of it they took is not known`,
		...{ reasons: UNFETCHED, of: "accounts", ...FORWARD },
		wrong: ([block], { first }, asked) => heightWrong(block, first, lastBlock(asked)),
	},
	{
		text: `${HELD} its (${KINDS}) transfers from block (${N}) on are not (?:all )?in the case: whether it was spent is not known`,
		...{ reasons: UNFETCHED, of: "accounts", ...FORWARD },
		wrong: ([kinds = "", block], end, asked) => {
			const strange = kinds.split(" and ").find((kind) => !kindsOf(end.asset).includes(kind));
			return strange === undefined ? cameAt(block, end, asked) : `no ${strange} transfer moves ${end.asset}`;
		},
	},
	{
		...FORWARD,
		...{ text: `whether it was spent after block (${N}) is not in the case`, reasons: UNFETCHED, of: "outputs" },
		wrong: ([block], { first }, { cutoff }) => heightWrong(block, first, cutoff),
	},
	{
		...FORWARD,
		text: "spent together with outputs that are not in the case; what it paid cannot be computed",
		...{ reasons: UNFETCHED, of: "outputs" },
	},
	{ text: "(?:it has code|a contract), and its internal calls are not in the case", reasons: ["contract-unknown"], of: "accounts" },
	{
		text: "no source names who received it; a node, or a file that names the created contract, can",
		reasons: ["unknown-receiver"],
	},
	{
		...{ text: `arrivals below (${N}) base units`, reasons: ["dust"], of: "accounts" },
		wrong: ([least], end, asked) => dustWrong(least, end, asked),
	},
	{
		...{ text: `outputs with less than (${N}) satoshi of it`, reasons: ["dust"], of: "outputs" },
		wrong: ([least], end, asked) => dustWrong(least, end, asked),
	},
	{ text: "outside the account budget", reasons: ["budget"] },
	{ text: "given in an exchange; what came back is not traced", reasons: ["swap"], of: "accounts" },
	{
		...{ text: `behaviour alone: at least (${N}) transfers in the case; nobody labelled it`, reasons: ["service"] },
		wrong: ([least], _, asked) => sameAs(least, "serviceTransfers", asked, USUAL.serviceTransfers),
	},
	...Object.entries(SEEN).map(
		([kind, reason = ""]): Sentence => ({
			text: `behaviour alone: ${kind}(?: of [-0-9A-Za-z]{1,100})? \\(heuristic version [0-9.]{1,20}, score (${N})\\); nobody labelled it`,
			reasons: [reason],
			wrong: ([score], _, { parameters: { minDetectionScore = USUAL.minDetectionScore } }) =>
				Number(score) <= 100 && Number(score) >= Number(minDetectionScore)
					? undefined
					: `a score of ${score} is none that ends a trace from ${minDetectionScore} on`,
		}),
	),
	{
		text: "pattern alone: (spent|made) in what looks like a CoinJoin \\([-.a-z0-9]{1,40} v[0-9.]{1,20}, ([0-9.]{1,20}) % of its features; (?:how often that is right was not measured|precision ([0-9.]{1,20}) in simulated worlds)\\); nobody named it",
		...{ reasons: ["mixer"], of: "outputs" },
		wrong: ([how, share, precision = "0"], _, { parameters, backward = false }) => {
			if ((how === "made") !== backward) return `what goes ${backward ? "back in time" : "forward"} is not ${how} there`;
			if (parameters["throughCoinJoins"] === "yes") return "the trace follows through CoinJoins";
			return Number(share) <= 100 && Number(precision) <= 1 ? undefined : `${share} % and a precision of ${precision} are none`;
		},
	},
];
/** Those of a trace back in time alone. */
const OF_SOURCES: readonly Sentence[] = [
	{ text: "newly made, or given by the protocol: a mint, a block's reward, a withdrawal of stake or the first block", reasons: ["minted"] },
	{
		text: "it was there before the first movement of it that the case holds: where it came from is not in the case",
		...{ reasons: UNFETCHED, of: "accounts" },
	},
	{
		text: "its books lack what it paid out: this was there before all that the case tells of it, or came to it unread; from where is not in the case",
		...{ reasons: UNFETCHED, of: "accounts" },
	},
	{
		...{ text: `there before block (${N}), the first that was read; it has earlier transfers`, reasons: ["time-window"], of: "accounts" },
		wrong: ([block], _, asked) => sameAs(block, "readFrom", asked, START),
	},
	{
		text: "made by a transaction that spends outputs whose value no source tells; what each of them gave cannot be computed",
		...{ reasons: UNFETCHED, of: "outputs" },
	},
	{ text: "the transaction that made it is not in the case", reasons: UNFETCHED, of: "outputs" },
	{
		...{ text: `made before block (${N}), the first that was read`, reasons: ["time-window"], of: "outputs" },
		wrong: ([block], _, asked) => sameAs(block, "readFrom", asked, START),
	},
];
const ALL: readonly Sentence[] = [...SENTENCES, ...OF_SOURCES.map((one) => ({ ...one, ...BACKWARD }))];
const PATTERNS = ALL.map((sentence) => ({ ...sentence, pattern: new RegExp(`^${sentence.text}`) }));

/**
 * What is wrong with why an end point says that it ends; undefined for one or more of Clew's sentences, whole, each of a kind that its
 * reason writes, with numbers that the trace does not contradict. Those that its labels give stand among them.
 */
export function endWrong(end: End, asked: Asked): string | undefined {
	const { detail, reason } = end.stop;
	let rest = detail;
	for (;;) {
		const found = namedBy(end, rest, asked) ?? writtenBy(end, rest, asked);
		if (found === undefined) return `says why it ends in words that Clew has not: ${quoted(detail)}`;
		if (!found.reasons.includes(reason))
			return `ends as ${reason}, and says why in words of ${found.reasons.join(", ")}: ${quoted(detail)}`;
		if (found.wrong !== undefined) return `says ${quoted(detail)}: ${found.wrong}`;
		rest = rest.slice(found.length);
		if (rest === "") return undefined;
		if (!rest.startsWith("; ")) return `says why it ends in words that Clew has not: ${quoted(detail)}`;
		rest = rest.slice(2);
	}
}

interface Found {
	readonly length: number;
	readonly reasons: readonly string[];
	readonly wrong?: string | undefined;
}

/** The words of a label of the end point, or of its published contract, that a text begins with. */
function namedBy({ account, labels }: Leaf, text: string, { parameters }: Asked): Found | undefined {
	const bridge = publishedBridge(account);
	const published = bridge === undefined ? [] : [{ words: `published contract of ${bridge}`, reasons: ["bridge"], weak: false, dates: "" }];
	const version = entryPoint(account);
	if (version !== undefined) published.push({ words: entryPointDetail(version), reasons: ["entry-point"], weak: false, dates: "" });
	const pool = privatePoolDetail(account);
	if (pool !== undefined) published.push({ words: pool, reasons: ["mixer"], weak: false, dates: "" });
	const least = Number(parameters["minLabelConfidence"] ?? USUAL_CONFIDENCE);
	const said = labels.map((label) => ({
		words: labelDetail(label),
		reasons: [labelReason(label.category) ?? []].flat(),
		weak: label.confidence < least,
		dates: datesInWords(label),
	}));
	const [begun] = [...said, ...published]
		.filter(({ words }) => text.startsWith(words))
		.map(({ dates, ...one }) => {
			const stood = STANDINGS.map((standing) => `; ${dates}${standing}`).find((more) => text.startsWith(more, one.words.length));
			return { ...one, length: one.words.length + (stood ?? "").length };
		})
		.sort((a, b) => b.length - a.length);
	if (begun === undefined) return undefined;
	const wrong = begun.weak ? `the trace heeds labels from a confidence of ${least} on` : undefined;
	return { length: begun.length, reasons: begun.reasons, wrong };
}

function writtenBy(end: End, text: string, asked: Asked): Found | undefined {
	for (const { pattern, reasons, of, way, wrong } of PATTERNS) {
		const parts = pattern.exec(text);
		if (parts === null) continue;
		const other = way !== undefined && (way === "backward") !== (asked.backward ?? false);
		const elsewhere =
			of !== undefined && of !== ledgerOf(asked.chain)
				? `no trace of ${asked.chain} says that`
				: other
					? `only a trace ${way === "backward" ? "back in time" : "forward"} says that`
					: undefined;
		return { length: parts[0].length, reasons, wrong: elsewhere ?? wrong?.(parts.slice(1), end, asked) };
	}
	return undefined;
}

/** The last block that a trace looked at. */
function lastBlock({ parameters, cutoff }: Asked): number {
	const until = parameters["until"] ?? NO_LIMIT;
	return until === NO_LIMIT ? cutoff : Math.min(cutoff, Number(until));
}

function heightWrong(block: string | undefined, least: number, most: number): string | undefined {
	const height = Number(block);
	if (height > most) return `block ${block} lies behind block ${most}, where what the trace saw ends`;
	return height < least ? `block ${block} lies before block ${least}, where its money came` : undefined;
}

/** The block is one in which money came. */
function cameAt(block: string | undefined, { first, came }: End, asked: Asked): string | undefined {
	if (came === undefined) return heightWrong(block, first, lastBlock(asked));
	return came.has(Number(block)) ? undefined : `in block ${block} no row brings it any`;
}

function sameAs(stated: string | undefined, name: string, { parameters }: Asked, usual: string): string | undefined {
	const value = parameters[name] ?? usual;
	return stated === value ? undefined : `the trace's parameter ${name} is ${value}`;
}

function dustWrong(least: string | undefined, { asset }: End, { parameters }: Asked): string | undefined {
	const stated = dustOf(parameters["dust"]).get(asset);
	return stated === least ? undefined : `the trace's dust threshold of ${asset} is ${stated ?? "none"}`;
}

function isCoin(asset: string): boolean {
	return asset.includes("/slip44:");
}
