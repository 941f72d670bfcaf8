import type { Trace } from "../bundle/formats.js";
import { publishedBridge } from "../evm/bridges.js";
import type { Fail } from "../failure.js";
import { isDifference } from "../packet/differences.js";
import { labelDetail } from "./stops.js";

type Leaf = Trace["leaves"][number];
type Gap = Trace["coverage"]["gaps"][number];

const N = "(?:0|[1-9][0-9]{0,79})";
const KIND = "(?:native|internal|token)";
const KINDS = `${KIND}(?: and ${KIND}){0,2}`;
const HELD = "its books still hold it, but";
const DATES = "(?:listed since [^;,]{1,40})?(?:, )?(?:until [^;,]{1,40})?";

/** What stands behind the words of a label that has dates: how it stood when the money came. */
const STANDING = `; ${DATES}(?:, after the money came|: it did not hold any more when the money came|: it held for a part only of the time in which the money came|: whether it held when the money came is unknown)`;

/** Every sentence in which Clew says why money ended somewhere, but for those that a label gives; earlier versions' too. */
const DETAILS = [
	`still there at block ${N}, where its data ends`,
	`still there at the end of the data(?: \\(block ${N}\\))?`,
	`held at height ${N}; (?:it has later transfers|spent later)`,
	"nobody holds the key of this address",
	"an output that nobody can spend",
	`its ${KIND} history at height ${N} is not (?:known to be whole )?in the case`,
	`${HELD} in block ${N} it paid and was paid in an order that no source tells: whether it paid this there is not known`,
	`${HELD} it paid again after block ${N}, where what was read of it ends: what else left it is not known`,
	`${HELD} its fees from block ${N} on are told in part alone: how much of it they took is not known`,
	`${HELD} its ${KINDS} transfers from block ${N} on are not (?:all )?in the case: whether it was spent is not known`,
	`whether it was spent after block ${N} is not in the case`,
	"spent together with outputs that are not in the case; what it paid cannot be computed",
	"a contract, and its internal calls are not in the case",
	"no source names who received it; a node, or a file that names the created contract, can",
	`arrivals below ${N} base units`,
	`outputs with less than ${N} satoshi of it`,
	"outside the account budget",
	"given in an exchange; what came back is not traced",
	`behaviour alone: at least ${N} transfers in the case; nobody labelled it`,
	`behaviour alone: [a-z]+(?:-[a-z]+)*(?: of [-0-9A-Za-z]{1,100})? \\(heuristic version [0-9.]{1,20}, score ${N}\\); nobody labelled it`,
	"pattern alone: spent in what looks like a CoinJoin \\([-a-z0-9]{1,40} v[0-9.]{1,20}, [0-9.]{1,20} % of its features; (?:how often that is right was not measured|precision [0-9.]{1,20} in simulated worlds)\\); nobody named it",
];
const DETAIL = new RegExp(`^(?:${DETAILS.join("|")})`);
const STOOD = new RegExp(`^${STANDING}`);

const HEIGHTS = `its ${KINDS} transfers at these heights were not fetched`;
const AGREED = ": agreed does not reckon with what came by them and stayed";
const OPEN =
	"what else left it, or came, is not known, so nothing that it paid from then on is agreed; fetch its history on to that payment";
const FEES =
	"what it holds is not agreed, and what is agreed of its payments does not reckon with that part; fetch its history from a node, or from files that tell whole fees";
const BOOKS = "it paid out more than the case shows it received";
const BLOCKS = "what blocks pay \\(who made them, validators who withdraw\\) stands in no list of transactions";

/** Every sentence of a gap that is not what an end point says, or a source; earlier versions' too. */
const GAPS: Readonly<Record<string, readonly string[]>> = {
	"unfetched-account": ["it was seeded or followed, but its own history is not in the case"],
	"missing-kind": [
		`its ${KINDS} transfers were not fetched(?:${AGREED})?(?:[;,] (?:and )?what it exchanged is judged by the others alone)?`,
		`(?:${HEIGHTS}|its transfers at these heights were not fetched), (?:others|those before and after) were(?:${AGREED})?`,
		`${BLOCKS}, all that the case has of ${N} accounts: agreed does not reckon with what came so and stayed`,
		`${BLOCKS}, and of [1-9][0-9,]{0,15} accounts? the case holds no whole blocks: agreed reckons only with such payments that a file tells`,
	],
	"unknown-funds": [`${BOOKS}; the difference counts as clean(?:, and no tainted money depends on it)?`],
	"missing-inflow": [
		`${BOOKS}: which payments took the tainted money depends on when the missing money came; fetch its whole history to narrow agreed and at most`,
	],
	"unread-outflow": [
		`it paid (?:at or )?after heights at which its own history is not (?:known to be whole )?in the case: ${OPEN}`,
		`files tell its fees at these heights without a part \\(for the first layer, or for blobs\\): ${FEES}`,
	],
	"order-unknown": [
		"it was paid in several transactions of this block, or events of one, in an order that no source tells, which decides of what it paid later: agreed holds for every order; fetch the block from a node",
		"it paid (?:and was paid in this block|in one of several transactions of this block(?:, or events of one)?), in an order that no source tells: agreed holds for every order(?:; what it paid before the tainted money came, by the order that was guessed, may have been of it, and is not followed)?; fetch the block from a node",
	],
	"open-passage": [
		"how much of what came out of a passage here is tainted is not known exactly, by the gaps of the trace of the chain where it went in: agreed holds whatever it was, at most as far as that trace says it does; close those gaps",
	],
	"unfollowed-passage": [
		`what this pays into a passage comes out, and is not followed there: no more than ${N} passages in a row are; trace it from where it comes out`,
	],
	"opening-balance-unknown": [
		"before taint arrived it had paid out more than the case shows it received; its opening balance is uncertain",
		"what the genesis block gave it was not read; it counts as 0",
		`nothing was fetched before height ${N}; its balance there counts as 0`,
	],
	"block-data": [
		`the budget of ${N} accounts bound; leaves with reason budget were not followed`,
		"its coinbase or some (?:transaction or fee of it|fee) is not in the case: fees were not followed into (?:it|its coinbase)",
		"whether a transaction succeeded is told by no source \\(no status, no trace of its call\\); what it moves counts as moved",
		"value went from it, and no source names the receiver \\(of a contract that destroyed itself: or whether it kept it\\)",
		"a payment with the contract of the wrapped coin, and no source tells the tokens that it minted or burned: they are not followed",
	],
	"behaviour-only": [],
	"label-validity": [
		`a label of [^\\n]{1,300} \\([a-z_]{1,40}, confidence [0-9]{1,3}; ${DATES}\\) stood here, and did not hold any more when money came at these heights: that label did not stop it`,
	],
	"source-note": [
		"no source describes this token: its numbers may be ids of NFTs, not amounts",
		`no source tells the place that the seed transfer:[0-9a-fx.:]{1,100} names, it is derived: after another import it may name another transfer; here it is ${N} base units of [^ ,]{1,200} from [^ ,]{1,200} to [^ ,]{1,200}, transaction (?:0x)?[0-9a-f]{64}`,
	],
	"balance-differs": [],
	"code-differs": [],
	"later-spend": [],
	"not-compared": ["its end points were not compared: the node that was asked is of another chain"],
};
const GAP_TEXTS = new Map(Object.entries(GAPS).map(([kind, texts]) => [kind, new RegExp(`^(?:${texts.join("|") || "(?!)"})$`)]));
/** Gaps whose words are those of the end point that they are about. */
const OF_END_POINTS: ReadonlySet<string> = new Set(["unfetched-account", "behaviour-only", "label-validity"]);
/** Gaps that a node's answers showed: every sentence of them is known. */
const OF_NODES: ReadonlySet<string> = new Set(["balance-differs", "code-differs", "later-spend", "not-compared"]);
const MAX_SHOWN = 100;

/**
 * End points and gaps speak in sentences of Clew's, whole, so that nobody says anything behind one: another is a failure. Sentences that
 * sources bring along (notes, and what a block's data lacks) have no form; those that `notes` does not hold are given in words, as are
 * what people and sources say in the trace.
 */
export function checkSentences(
	{ leaves, coverage: { gaps } }: Pick<Trace, "leaves" | "coverage">,
	notes: ReadonlySet<string>,
	fail: Fail,
): string[] {
	for (const [i, leaf] of leaves.entries())
		if (!isDetail(leaf)) fail(`trace.json leaf ${i + 1}`, `says why it ends in words that Clew has not: ${shown(leaf.stop.detail)}`);
	const said = new Set(leaves.map(({ account, stop }) => `${account} ${stop.detail}`));
	const strange: string[] = [];
	for (const [i, gap] of gaps.entries()) {
		if (isGap(gap, said)) continue;
		if (gap.kind === "source-note" || gap.kind === "block-data") {
			if (!notes.has(gap.text)) strange.push(shown(gap.text));
		} else fail(`trace.json gap ${i + 1}`, `is in words that Clew has not: ${shown(gap.text)}`);
	}
	const labels = leaves.filter((leaf) => leaf.labels.length > 0).length;
	const seen = leaves.filter(({ stop }) => /^(behaviour|pattern) alone: /.test(stop.detail)).length;
	const told = gaps.filter(({ kind }) => OF_NODES.has(kind)).length;
	return [
		...(labels > 0 ? [`labels of end points (${labels})`] : []),
		...(seen > 0 ? [`what was seen of end points that nobody named (${seen})`] : []),
		...(told > 0 ? [`what a node told of end points (${told})`] : []),
		...(strange.length > 0 ? [`what is missing by words that Clew has not (${strange.length}), first ${strange[0]}`] : []),
		"that there are no other gaps",
		"names, details and notes of sources",
		"title of the case and what its log says was done",
	];
}

/** True for one or more sentences of an end point, the labels that it states among them. */
export function isDetail({ account, labels, stop: { detail } }: Pick<Leaf, "account" | "labels" | "stop">): boolean {
	const bridge = publishedBridge(account);
	const named = [...labels.map(labelDetail), ...(bridge === undefined ? [] : [`published contract of ${bridge}`])];
	let rest = detail;
	for (;;) {
		const begun = named.filter((words) => rest.startsWith(words)).sort((a, b) => b.length - a.length)[0];
		const words = begun ?? DETAIL.exec(rest)?.[0];
		if (words === undefined) return false;
		rest = rest.slice(words.length);
		if (begun !== undefined) rest = rest.slice(STOOD.exec(rest)?.[0].length ?? 0);
		if (rest === "") return true;
		if (!rest.startsWith("; ")) return false;
		rest = rest.slice(2);
	}
}

function isGap({ kind, account, text }: Gap, said: ReadonlySet<string>): boolean {
	if (OF_END_POINTS.has(kind) && account !== undefined && said.has(`${account} ${text}`)) return true;
	return (GAP_TEXTS.get(kind)?.test(text) ?? false) || isDifference(kind, text);
}

function shown(text: string): string {
	return JSON.stringify(text.slice(0, MAX_SHOWN));
}

/** The id of a case: no words. */
export const CASE_ID = /^[0-9a-f]{12}$/;

/** Every kind of a gap. */
export const GAP_KINDS = Object.keys(GAPS);
