import { isBackward } from "../backward/as-forward.js";
import type { Trace } from "../bundle/formats.js";
import { familyOf } from "../chain-family/registry.js";
import { publishedBridge } from "../evm/bridges.js";
import { entryPoint, entryPointDetail } from "../evm/entry-points.js";
import { privatePoolDetail } from "../evm/private-pools.js";
import type { Fail } from "../failure.js";

type Leaf = Trace["leaves"][number];
type Stopped = Pick<Trace, "chain" | "leaves" | "parameters" | "direction"> & { readonly coverage: Pick<Trace["coverage"], "gaps"> };

/** Every reason for which a trace ends; of some the parameter that it follows from, and the word of it that rules the reason out. */
const REASONS: Readonly<Record<string, { readonly parameter: string; readonly without: string } | undefined>> = {
	service: undefined,
	mixer: undefined,
	bridge: undefined,
	"entry-point": undefined,
	swap: undefined,
	unspent: undefined,
	burned: undefined,
	minted: undefined,
	unfetched: undefined,
	"contract-unknown": undefined,
	"unknown-receiver": undefined,
	dust: { parameter: "dust", without: "none" },
	budget: { parameter: "budgetBound", without: "no" },
	"time-window": { parameter: "until", without: "end of data" },
};
/** Reasons that say where money is, or that nobody paid it: of one direction alone. */
const OF_FORWARD: ReadonlySet<string> = new Set(["unspent", "burned"]);
const OF_BACKWARD: ReadonlySet<string> = new Set(["minted"]);
const READ_FROM = { parameter: "readFrom", without: "start of data" } as const;

/** The reasons alone. */
export const STOP_REASONS = Object.keys(REASONS) as [string, ...string[]];

/** Categories of labels that say that money went to somebody else's, by the reason that they give. */
const CATEGORIES: Readonly<Record<string, readonly string[] | undefined>> = {
	service: ["exchange", "custodian", "payment_processor", "gambling"],
	mixer: ["mixing_service"],
	bridge: ["bridge"],
	swap: ["defi_dex"],
};
/** How the detail of an end point begins that rests on what was seen to happen; a gap says that nobody named it. */
const SEEN = /^(behaviour|pattern) alone: /;
const BY_BEHAVIOUR = "behaviour-only";
/** What an account gave in somebody else's exchange ends with it. */
export const GIVEN = "given in an exchange; what came back is not traced";
export const USUAL_CONFIDENCE = "20";
const UNKNOWN_RECEIVER = "unknown";
const MAX_SHOWN = 40;

/**
 * No end point ends for a reason that there is not, that the trace's own parameters rule out, or that its address or labels do not
 * give.
 */
export function checkStops(trace: Stopped, fail: Fail): void {
	const { leaves, parameters, chain, coverage } = trace;
	const byBehaviour = new Set(
		coverage.gaps.flatMap(({ kind, account }) => (kind === BY_BEHAVIOUR && account !== undefined ? [account] : [])),
	);
	const confidence = Number(parameters["minLabelConfidence"] ?? USUAL_CONFIDENCE);
	const backward = isBackward(trace);
	for (const [i, leaf] of leaves.entries()) {
		const { reason } = leaf.stop;
		const where = `trace.json leaf ${i + 1}`;
		if (!Object.hasOwn(REASONS, reason)) {
			fail(where, `ends as ${JSON.stringify(reason.slice(0, MAX_SHOWN))}, a reason that there is not`);
			continue;
		}
		if ((backward ? OF_FORWARD : OF_BACKWARD).has(reason)) {
			fail(where, `ends as ${reason}, as no trace ${backward ? "back in time" : "forward"} does`);
			continue;
		}
		const needed = backward && reason === "time-window" ? READ_FROM : REASONS[reason];
		const stated = needed && (parameters[needed.parameter] ?? needed.without);
		if (needed !== undefined && stated === needed.without)
			fail(where, `ends as ${reason}, and the trace's parameter ${needed.parameter} is ${JSON.stringify(stated)}`);
		const wrong = wrongAddress(leaf, chain) ?? wrongName(leaf, confidence, byBehaviour);
		if (wrong !== undefined) fail(where, wrong);
	}
}

/** Why money ends at an address with a label of a category; undefined where it does not. */
export function labelReason(category: string): string | undefined {
	return Object.keys(CATEGORIES).find((reason) => CATEGORIES[reason]?.includes(category));
}

/** How the detail of an end point begins that rests on a label. */
export function labelDetail({ entity, category, confidence }: Leaf["labels"][number]): string {
	return `labelled ${entity} (${category}, confidence ${confidence})`;
}

/** Nobody's addresses and an unknown receiver are told by the address alone. */
function wrongAddress({ account, stop: { reason, detail } }: Leaf, chain: string): string | undefined {
	const address = account.slice(account.lastIndexOf(":") + 1);
	const nobodys = familyOf(chain)?.burned;
	if (reason === "burned" && nobodys?.includes(address) === false) return "ends as burned, at an address that somebody may have the key of";
	if (reason === "minted" && nobodys !== undefined && address !== nobodys[0]) return "ends as minted, and somebody paid it";
	const version = entryPoint(account);
	if (reason === "entry-point" && (version === undefined || detail !== entryPointDetail(version)))
		return "ends as entry-point, and is no EntryPoint that is published, or another";
	if (reason === "unknown-receiver" && address !== UNKNOWN_RECEIVER) return "ends as unknown-receiver, and names who received it";
	return undefined;
}

/** Whose money it is from there on: by a label that stands at the end point, as its detail says, or by what was seen to happen. */
function wrongName({ account, labels, stop: { reason, detail } }: Leaf, confidence: number, seen: ReadonlySet<string>): string | undefined {
	const categories = Object.hasOwn(CATEGORIES, reason) ? CATEGORIES[reason] : undefined;
	if (categories === undefined) return undefined;
	if (SEEN.test(detail)) return seen.has(account) ? undefined : `ends as ${reason} by behaviour alone, and no gap says so`;
	if (reason === "swap" && detail.startsWith(GIVEN)) return undefined;
	if (reason === "bridge" && detail.startsWith(`published contract of ${publishedBridge(account)}`)) return undefined;
	if (reason === "mixer" && detail === privatePoolDetail(account)) return undefined;
	const named = labels.filter((label) => categories.includes(label.category) && label.confidence >= confidence);
	if (named.length === 0) return `ends as ${reason}, and no label that it states says so`;
	const said = named.map(labelDetail);
	return said.some((words) => detail.startsWith(words)) ? undefined : `ends as ${reason}, and its detail names no label that it states`;
}
