import { isBackward } from "../backward/as-forward.js";
import type { Trace } from "../bundle/formats.js";
import { quoted } from "../encoding/quoted.js";
import type { Fail } from "../failure.js";
import { isDifference } from "../packet/differences.js";
import { BLOCK_GAPS } from "./block-gap-sentences.js";
import { endWrong, KINDS, N } from "./end-sentences.js";
import { askedOf, endsOf } from "./ends.js";
import { checkGapFacts } from "./gap-facts.js";
import { DATES } from "./label-dates.js";

type Gap = Trace["coverage"]["gaps"][number];

const HEIGHTS = `its ${KINDS} transfers at these heights were not fetched`;
const AGREED = ": agreed does not reckon with what came by them and stayed";
const BEHIND = "the amounts reckon with none of what came by them";
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
		"it has code, nobody read all that it paid, and the case shows that it paid after the money came, which ends there: whether any of it is left is not known, and no bound reckons with whom it paid; fetch its history, with calls",
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
		`not all that moves (?:its coins|this token there) was fetched before height ${N}; its balance there counts as 0`,
	],
	"block-data": [
		`the budget of ${N} accounts bound; leaves with reason budget were not followed`,
		"its coinbase or some (?:transaction or fee of it|fee) is not in the case: fees were not followed into (?:it|its coinbase)",
		"whether a transaction succeeded is told by no source \\(no status, no trace of its call\\); what it moves counts as moved",
		"value went from it, and no source names the receiver \\(of a contract that destroyed itself: or whether it kept it\\)",
		...BLOCK_GAPS,
		"a payment with the contract of the wrapped coin, and no source tells the tokens that it minted or burned: they are not followed",
	],
	"behaviour-only": [],
	"label-validity": [
		`a label of [^\\n]{1,300} \\([a-z_]{1,40}, confidence [0-9]{1,3}; ${DATES}\\) stood here, and did not hold any more when money came at these heights: that label did not stop it`,
	],
	"source-note": [
		"rows known by node-unverified are one node's word: a hash or a root of their blocks comes out by no rule known here from what it sent, or it sent their own receipts without the others of their blocks",
		"no source describes this token: its numbers may be ids of NFTs, not amounts",
		"its amounts are what its contract logs: a token that takes a fee, or changes balances without a log, holds others, which trace --rpc compares",
		`no source tells the place that the seed transfer:[0-9a-fx.:]{1,100} names, it is derived: after another import it may name another transfer; here it is ${N} base units of [^ ,]{1,200} from [^ ,]{1,200} to [^ ,]{1,200}, transaction (?:0x)?[0-9a-f]{64}`,
	],
	"balance-differs": [],
	"code-differs": [],
	"later-spend": [],
	"not-compared": [],
};
/** What a trace back in time says in place of these kinds' sentences. */
const BACKWARD_GAPS: Readonly<Record<string, readonly string[]>> = {
	"missing-kind": [`its ${KINDS} transfers up to there were not fetched: ${BEHIND}`, `${HEIGHTS}, others were: ${BEHIND}`],
	"unknown-funds": [`${BOOKS}; nothing that is asked about depends on it`],
	"missing-inflow": [
		`${BOOKS}: what came to it unread, and when, decides where the rest came from; fetch its whole history to narrow agreed and at most`,
	],
	"unread-inflow": [
		"its own history, with internal calls for the coin, is not known to be whole between these heights(?:, in [1-9][0-9]{0,8} stretches)?: what else came to it, or left it, is not known, and may have been there all along, so that no source behind it is agreed; fetch it",
	],
	"unread-outflow": [],
	"order-unknown": [
		"it moved several times in this block, in an order that no source tells: no source further back is agreed; fetch the block from a node",
	],
	"open-passage": [],
	"unfollowed-passage": [],
	"opening-balance-unknown": ["what it had at the end of that block was not read: it counts as 0, and what was there before is an end"],
	"block-data": [...(GAPS["block-data"] ?? []), "blocks up to there were not read, as was asked"],
};
const patternsOf = (gaps: Readonly<Record<string, readonly string[]>>) =>
	new Map(Object.entries(gaps).map(([kind, texts]) => [kind, new RegExp(`^(?:${texts.join("|") || "(?!)"})$`)]));
const GAP_TEXTS = patternsOf(GAPS);
const BACKWARD_TEXTS = patternsOf({ ...GAPS, ...BACKWARD_GAPS });
/** Gaps whose words are those of the end point that they are about. */
const OF_END_POINTS: ReadonlySet<string> = new Set(["unfetched-account", "behaviour-only", "label-validity"]);
/** Gaps that a node's answers showed: every sentence of them is known. */
const OF_NODES: ReadonlySet<string> = new Set(["balance-differs", "code-differs", "later-spend", "not-compared"]);

/**
 * End points and gaps speak in sentences of Clew's, whole, so that nobody says anything behind one, of reasons and with numbers that the
 * trace bears out: another is a failure. Sentences that sources bring along (notes, and what a block's data lacks) have no form; those that
 * `notes` does not hold are given in words, as are what people and sources say in the trace. `ledgers` are the lines of `ledgers.jsonl`.
 */
export function checkSentences(trace: Trace, notes: ReadonlySet<string>, ledgers: readonly string[] | undefined, fail: Fail): string[] {
	const {
		leaves,
		coverage: { gaps },
	} = trace;
	const asked = askedOf(trace);
	for (const [i, end] of endsOf(trace).entries()) {
		const wrong = endWrong(end, asked);
		if (wrong !== undefined) fail(`trace.json leaf ${i + 1}`, wrong);
	}
	const said = new Set(leaves.map(({ account, stop }) => `${account} ${stop.detail}`));
	const strange: string[] = [];
	for (const [i, gap] of gaps.entries()) {
		if (isGap(gap, said, isBackward(trace) ? BACKWARD_TEXTS : GAP_TEXTS)) continue;
		if (gap.kind === "source-note" || gap.kind === "block-data") {
			if (!notes.has(gap.text)) strange.push(quoted(gap.text));
		} else fail(`trace.json gap ${i + 1}`, `is in words that Clew has not: ${quoted(gap.text)}`);
	}
	const strangers = checkGapFacts(trace, ledgers, fail);
	const labels = leaves.filter((leaf) => leaf.labels.length > 0).length;
	const seen = leaves.filter(({ stop }) => /^(behaviour|pattern) alone: /.test(stop.detail)).length;
	const untold = gaps.filter(({ kind }) => kind === "block-data");
	const ended = gaps.filter(({ kind }) => kind === "label-validity");
	const told = gaps.filter(({ kind }) => OF_NODES.has(kind)).length;
	return [
		...(labels > 0 ? [`labels of end points (${labels})`] : []),
		...(ended.length > 0 ? [`labels that had ended (${ended.length}), first ${quoted(ended[0]?.text ?? "")}`] : []),
		...(untold.length > 0 ? [`what is missing of blocks and transactions (${untold.length}), first ${quoted(untold[0]?.text ?? "")}`] : []),
		...(seen > 0 ? [`what was seen of end points that nobody named (${seen})`] : []),
		...(told > 0 ? [`what a node told of end points (${told})`] : []),
		...(strange.length > 0 ? [`what is missing by words that Clew has not (${strange.length}), first ${strange[0]}`] : []),
		...strangers,
		"that there are no other gaps",
		"names, details and notes of sources",
		"title of the case and what its log says was done",
	];
}

function isGap({ kind, account, text }: Gap, said: ReadonlySet<string>, texts: ReadonlyMap<string, RegExp>): boolean {
	if (OF_END_POINTS.has(kind) && account !== undefined && said.has(`${account} ${text}`)) return true;
	return (texts.get(kind)?.test(text) ?? false) || isDifference(kind, text);
}

/** The id of a case: no words. */
export const CASE_ID = /^[0-9a-f]{12}$/;

/** Every kind of a gap. */
export const GAP_KINDS = Object.keys({ ...GAPS, ...BACKWARD_GAPS });
