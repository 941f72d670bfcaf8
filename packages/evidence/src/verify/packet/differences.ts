import type { Fail } from "../failure.js";
import type { Request, RequestDifference, RequestPoint } from "./formats.js";

interface Form {
	readonly kind: string;
	readonly text: RegExp;
	/** The fields that it has besides `kind` and `text`, sorted. */
	readonly fields: readonly string[];
	/** What it contradicts; undefined for nothing. `points` are the end points that it is about, `parts` those of its sentence. */
	contradicts(one: RequestDifference, points: readonly RequestPoint[], parts: RegExpExecArray): string | undefined;
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
		text: /^its transfers in the case do not add up to what it holds: some are missing$/,
		fields: FIELDS.balance,
		contradicts: ({ amount, balance }) => (amount === balance ? "both figures are the same" : undefined),
	},
	{
		kind: "code-differs",
		text: /^it has code, and the case takes it for an account without: what it does by internal calls may be missing$/,
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
		text: /^the node cannot tell what it holds at this height$/,
		fields: ["account", "toHeight"],
		contradicts: agrees,
	},
	{
		kind: "not-compared",
		text: /^[1-9]\d{0,9} end points were not compared with the node: the first \d{1,9} were$/,
		fields: ["toHeight"],
		contradicts: agrees,
	},
];

/** True for a sentence in which Clew says what a node told otherwise. */
export function isDifference(kind: string, text: string): boolean {
	return FORMS.some((form) => form.kind === kind && form.text.test(text));
}

/**
 * What a request calls a difference between trace and node is one that Clew can have found: in one of its sentences, about an end point
 * of the request, with figures that the request does not contradict.
 */
export function checkDifferences(request: Request, where: string, fail: Fail): void {
	const all = [...request.points, ...request.leads];
	for (const [i, one] of request.differences.entries()) {
		const at = `${where} difference ${i + 1}`;
		const { kind, text, ...fields } = one;
		const names = Object.keys(fields).sort().join();
		const form = FORMS.find((each) => each.kind === kind && each.text.test(text) && each.fields.join() === names);
		const parts = form?.text.exec(text);
		if (form === undefined || !parts) {
			fail(at, `says what no node is asked: ${JSON.stringify(text.slice(0, 100))}`);
			continue;
		}
		const points = all.filter(({ account, asset }) => account === one.account && asset === (one.asset ?? asset));
		if (one.account !== undefined && points.length === 0) fail(at, `is of no end point: ${one.account}`);
		const wrong = form.contradicts(one, points, parts) ?? balanceOf(one, request);
		if (wrong !== undefined) fail(at, wrong);
	}
}

/** The figure of a node stands in the table of balances, too. */
function balanceOf({ account, asset, balance, toHeight }: RequestDifference, { balances }: Request): string | undefined {
	if (balance === undefined) return undefined;
	const same = balances.find((one) => one.account === account && one.asset === asset && one.height === toHeight);
	return same?.amount === balance ? undefined : `says that it holds ${balance} at block ${toHeight}; its balances say ${same?.amount}`;
}

function ofOutput({ amount }: RequestDifference, points: readonly RequestPoint[], outpoint: string | undefined): string | undefined {
	const output = points.flatMap(({ outpoints }) => outpoints).find((one) => one.outpoint === outpoint);
	return output?.amount === amount ? undefined : `${outpoint} is no output of ${amount} that the request names`;
}
