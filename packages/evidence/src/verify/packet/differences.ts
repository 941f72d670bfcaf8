import { ledgerOf } from "../chain-family/registry.js";
import type { Fail } from "../failure.js";
import type { Request, RequestDifference } from "./formats.js";

/** What of an end point, in a trace or a request, a node can tell otherwise. */
interface Point {
	readonly account: string;
	readonly range: readonly [string, string];
	readonly outpoints?: readonly { readonly outpoint: string; readonly amount: string }[];
}

interface Form {
	readonly kind: string;
	readonly text: RegExp;
	/** The fields that it has besides `kind` and `text`, sorted. */
	readonly fields: readonly string[];
	/** What it contradicts; undefined for nothing. `points` are the end points that it is about, `parts` those of its sentence. */
	contradicts(one: RequestDifference, points: readonly Point[], parts: RegExpExecArray): string | undefined;
}

const agrees = () => undefined;
const FIELDS = { balance: ["account", "amount", "asset", "balance", "toHeight"], spend: ["account", "amount", "asset"] };

/** Every sentence in which Clew says that a node tells other than the trace. */
const FORMS: readonly Form[] = [
	{
		kind: "balance-differs",
		// The second is what earlier versions said.
		text: /^(?:the node's balance is lower by (\d{1,100}) base units than what the trace says can have arrived there|it holds less than the trace says can have arrived there: some of it has moved on)$/,
		fields: FIELDS.balance,
		contradicts: ({ amount = "0", balance = "0" }, points, [, lower]) => {
			if (BigInt(balance) >= BigInt(amount) || !points.some(({ range }) => range[1] === amount))
				return `${balance} is not less than the ${amount} at most that an end point says`;
			const by = (BigInt(amount) - BigInt(balance)).toString();
			return lower === undefined || lower === by ? undefined : `${balance} is lower than ${amount} by ${by}, not by ${lower}`;
		},
	},
	{
		kind: "balance-differs",
		text: /^its transfers in the case do not add up to what it holds: some are missing(?:, or the token changes balances otherwise than it logs)?$/,
		fields: FIELDS.balance,
		contradicts: ({ amount, balance }) => (amount === balance ? "both figures are the same" : undefined),
	},
	{
		kind: "code-differs",
		text: /^(?:it has code|its key lets 0x[0-9a-f]{40} act for it \(EIP-7702\)), and the case takes it for an account without: what it does by internal calls may be missing$/,
		fields: ["account", "toHeight"],
		contradicts: agrees,
	},
	{
		kind: "later-spend",
		text: /^output ([0-9a-f]{64}:\d+) is spent by transaction [0-9a-f]{64}, which is in no block yet$/,
		fields: FIELDS.spend,
		contradicts: (one, points, [, outpoint]) => ofOutput(one, points, outpoint),
	},
	{
		kind: "later-spend",
		text: /^output ([0-9a-f]{64}:\d+) is spent by transaction [0-9a-f]{64}, in block (\d+)$/,
		fields: [...FIELDS.spend, "fromHeight"],
		contradicts: (one, points, [, outpoint, block]) =>
			one.fromHeight === block ? ofOutput(one, points, outpoint) : `fromHeight is ${one.fromHeight}`,
	},
	{
		kind: "not-compared",
		text: /^its end points were not compared: the node that was asked is of another chain$/,
		fields: ["toHeight"],
		contradicts: agrees,
	},
	{
		kind: "not-compared",
		text: /^the node cannot tell what it holds at this height$/,
		fields: ["account", "toHeight"],
		contradicts: agrees,
	},
	{
		kind: "not-compared",
		text: /^([1-9]\d{0,9}) end points were not compared with the node: the first (\d{1,9}) were$/,
		fields: ["toHeight"],
		contradicts: (_, points, [, not, first]) =>
			Number(not) + Number(first) > points.length ? `counts ${not} and ${first} end points of ${points.length}` : undefined,
	},
];

/** True for a sentence in which Clew says what a node told otherwise. */
export function isDifference(kind: string, text: string): boolean {
	return FORMS.some((form) => form.kind === kind && form.text.test(text));
}

/**
 * What is wrong with what a node is said to have told otherwise; undefined where it is in one of Clew's sentences, about an end point, with
 * figures that this does not contradict. `points` are the end points of its account and asset; of what names no account, all.
 */
export function differenceWrong(one: RequestDifference, points: readonly Point[]): string | undefined {
	const { kind, text, ...fields } = one;
	const names = Object.keys(fields).sort().join();
	const form = FORMS.find((each) => each.kind === kind && each.text.test(text) && each.fields.join() === names);
	const parts = form?.text.exec(text);
	if (form === undefined || !parts) return `says what no node is asked: ${JSON.stringify(text.slice(0, 100))}`;
	if (one.account !== undefined && points.length === 0) return `is of no end point: ${one.account}`;
	return form.contradicts(one, points, parts);
}

/**
 * What a request calls a difference between trace and node is one that Clew can have found, and is borne out by the balances of the
 * request, which whoever asks a node of accounts has.
 */
export function checkDifferences(request: Request, where: string, fail: Fail): void {
	const all = [...request.points, ...request.leads];
	for (const [i, one] of request.differences.entries()) {
		const points = all.filter(
			({ account, asset }) => one.account === undefined || (account === one.account && asset === (one.asset ?? asset)),
		);
		const wrong = differenceWrong(one, points) ?? balanceOf(one, request) ?? notAsked(one, request);
		if (wrong !== undefined) fail(`${where} difference ${i + 1}`, wrong);
	}
}

/** The figure of a node stands in the table of balances, too. */
function balanceOf({ account, asset, balance, toHeight }: RequestDifference, { balances }: Request): string | undefined {
	if (balance === undefined) return undefined;
	const same = balances.find((one) => one.account === account && one.asset === asset && one.height === toHeight);
	return same?.amount === balance ? undefined : `says that it holds ${balance} at block ${toHeight}; its balances say ${same?.amount}`;
}

/** Whoever asked a node about accounts wrote down the balances that it told, of the same block. */
function notAsked({ kind, account, toHeight }: RequestDifference, { chain, balances }: Request): string | undefined {
	const outputs = ledgerOf(chain) === "outputs";
	if (outputs !== (kind === "later-spend") && kind !== "not-compared") return `no node of ${chain} tells that`;
	if (outputs || balances.some((one) => (account ?? one.account) === one.account && one.height === toHeight)) return undefined;
	return `is of block ${toHeight}, and its balances say nothing of ${account ?? "any account"} there`;
}

function ofOutput({ amount }: RequestDifference, points: readonly Point[], outpoint: string | undefined): string | undefined {
	const output = points.flatMap(({ outpoints = [] }) => outpoints).find((one) => one.outpoint === outpoint);
	return output?.amount === amount ? undefined : `${outpoint} is no output of ${amount} that the request names`;
}
