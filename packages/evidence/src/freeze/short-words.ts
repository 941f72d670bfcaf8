import { type AccountId, countOf, defang, displayAddress, formatAmount, isTransactionNode, rangeOfRows } from "@clew/core";
import { describeAmount } from "../bundle/picture.js";
import { type Block, type Cell, cell, code, type Inline, text } from "../document/model.js";
import { agreedSteps, pathOf } from "./path.js";
import type { RequestDocument } from "./request-document.js";

/** Accounts that are named in a sentence. */
const NAMED = 3;

type Deposit = NonNullable<RequestDocument["way"]>["deposits"][number];
type Moved = { readonly row: number; readonly time: string; readonly txHash: string; readonly amount: string; readonly to: string };

/** The request in one paragraph: who is asked for what, where the money came in, and by how long a way. */
export function inShort(request: RequestDocument): string {
	const { kind, to, points, seeds, trace } = request;
	const whom = `${defang(to.name || to.entity)}${to.country ? ` (${defang(to.country)})` : ""}`;
	const from = seeds.map(({ spec }) => spec).join(", ");
	if (points.length === 0)
		return `${whom} is asked to preserve records of the addresses named here, and nothing else: what the requester traces from ${from} may have come there, and the rules of tracing agree on no amount.`;
	const yours = kind === "custodian" ? "labelled as yours" : "holding your token";
	const accounts = [...new Set(points.map(({ account }) => displayAddress(account as AccountId)))];
	const ends = accounts.length === 1 ? `the address ${accounts[0]}, ${yours}` : `${accounts.length} addresses ${yours}`;
	return [
		`${whom} is asked to preserve all records of, and to freeze, ${sums(request)}: what every rule of tracing agrees on, and no more.`,
		`The requester traces it from the ${seeds.length === 1 ? "seed" : "seeds"} ${from} to ${ends}${lastTime(request)}.`,
		...came(request),
		...resting(request),
		`The way has ${countOf(pathOf(request).length, "step")} in trace ${trace}: it, the account and what is asked follow.`,
	].join(" ");
}

/** What is asked for, exact and for reading. */
function sums(request: RequestDocument): string {
	const all = Object.entries(request.asked).filter(([, amount]) => amount !== "0");
	return all.map(([asset, amount]) => `${defang(describeAmount(request, asset, BigInt(amount)))} (${amount} base units)`).join(" and ");
}

function lastTime({ rows, points }: RequestDocument): string {
	const own = new Set(points.flatMap((point) => point.rows));
	const times = rows.flatMap(({ row, time, range, tainted }) => {
		const agreed = rangeOfRows([{ tainted, ...(range === undefined ? {} : { range }) }])?.least ?? 0n;
		return own.has(row) && agreed > 0n && time !== "" ? [time] : [];
	});
	const [first, last] = [times[0], times.at(-1)];
	if (first === undefined || last === undefined) return "";
	return first === last ? `; it came there at ${first}` : `; it came there between ${first} and ${last}`;
}

function came(request: RequestDocument): string[] {
	const deposits = agreedDeposits(request);
	const [one] = deposits;
	if (one === undefined) return [];
	const what = directPoints(request, deposits).length === 0 ? "It" : "Part of it";
	if (deposits.length > 1)
		return [`${what} came in at ${deposits.length} addresses that passed it on there, as deposit addresses do: they are named below.`];
	const [first] = movesOf(request, one.came);
	const when = first === undefined ? "" : ` at ${first.time || "a time not known"} in transaction ${first.txHash}`;
	return [
		`${what} came in at ${displayAddress(one.account as AccountId)}${when}; what followed is that this address passed it on there, as deposit addresses do.`,
	];
}

/** Balances that nobody read, and that could have paid what is asked about. */
function resting({ restsOn = [] }: Partial<RequestDocument>): string[] {
	if (restsOn.length === 0) return [];
	const more = restsOn.length > NAMED ? ` and ${countOf(restsOn.length - NAMED, "other")} (request.json)` : "";
	return [
		`The amounts hold if ${restsOn.slice(0, NAMED).map(displayAddress).join(", ")}${more} held nothing of the same before what the requester has read of them: if they did, less of it may be here.`,
	];
}

/** End points to which some of what is agreed came otherwise than from these addresses. */
function directPoints(request: RequestDocument, deposits: readonly Deposit[]) {
	const passed = new Set(deposits.flatMap(({ swept }) => swept));
	// On Bitcoin they pay a transaction, which pays the end points.
	const own = request.way?.rows.filter(({ row }) => passed.has(row)) ?? [];
	const through = new Set(own.map(({ to }) => to));
	const agreed = new Set(agreedSteps(request, pathOf(request)).flatMap(({ step, row }) => (step === "end" ? [row] : [])));
	const direct = request.rows.filter(({ row, from }) => agreed.has(row) && !passed.has(row) && !through.has(from));
	const numbers = new Set(direct.map(({ row }) => row));
	return request.points.filter(({ rows }) => rows.some((row) => numbers.has(row)));
}

/** The deposit addresses that something came to on which every rule agrees. */
function agreedDeposits(request: RequestDocument): Deposit[] {
	const { way } = request;
	const steps = agreedSteps(request, pathOf(request));
	const carries = new Set(steps.flatMap(({ row, chain, agreed = 0n }) => (chain === request.chain && agreed > 0n ? [row] : [])));
	return (way?.deposits ?? []).filter(({ came }) => came.some((row) => carries.has(row)));
}

function movesOf(request: RequestDocument, numbers: readonly number[]): Moved[] {
	const wanted = new Set(numbers);
	return pathOf(request).filter(({ row, chain, step }) => chain === request.chain && step !== "paid" && wanted.has(row));
}

/** The account at the desk: where the money came in, what followed, and what is there now. Of an issuer the holder, and how to freeze it. */
export function accountBlocks(request: RequestDocument): Block[] {
	return request.kind === "issuer" ? holderBlocks(request) : depositBlocks(request);
}

function depositBlocks(request: RequestDocument): Block[] {
	const { way, points } = request;
	if (way === undefined) return [text("This request is of an earlier form, which does not tell the way.")];
	const deposits = agreedDeposits(request);
	const left = way.deposits.length - deposits.length;
	const list = (rows: readonly Moved[], asset: string): Cell =>
		rows
			.slice(0, LISTED)
			.flatMap((row): (readonly Inline[])[] => [
				[`row ${row.row}, ${row.time || "time not known"}`],
				[code(row.txHash)],
				...(isTransactionNode(row.to as AccountId) ? [] : [["to ", code(displayAddress(row.to as AccountId))]]),
				[`${defang(describeAmount(request, asset, BigInt(row.amount)))} (${row.amount} base units)`],
			])
			.concat(rows.length > LISTED ? [[`${LISTED} of ${rows.length}; path.csv has all`]] : []);
	const direct = new Set(directPoints(request, deposits));
	return [
		...(deposits.length === 0
			? []
			: [
					text(
						"The money came in at the addresses below. Each passed on to an address labelled as yours what it got on the way, and paid nothing of it to anybody else that the trace knows: so do deposit addresses. The account to look for is the one to which you gave that address; the address that it was passed on to is only what followed. Whether it is a deposit address of yours, your records say.",
					),
					{
						kind: "table" as const,
						caption: `Where the money came in: ${deposits.length} of ${way.deposits.length} such addresses`,
						columns: [
							{ name: "address", width: 4 },
							{ name: "came in by", width: 6 },
							{ name: "what followed", width: 6 },
							{ name: "balance now", width: 2 },
						],
						rows: deposits.map(({ account, asset, came: into, swept }): Cell[] => [
							cell(code(displayAddress(account as AccountId))),
							list(movesOf(request, into), asset),
							list(movesOf(request, swept), asset),
							balanceCell(request, account, asset),
						]),
					},
				]),
		...(left === 0
			? []
			: [text(`${countOf(left, "more address")} passed on what the rules agree on nothing of; path.csv names the steps.`)]),
		...(direct.size === 0 ? [] : [text(CAME_ITSELF)]),
		{
			kind: "table",
			caption: "Addresses labelled as yours",
			columns: [
				{ name: "address", width: 6 },
				{ name: "the money", width: 3 },
				{ name: "agreed", width: 4, numeric: true },
				{ name: "balance now", width: 4 },
			],
			rows: points.map((point): Cell[] => {
				const { account, asset, agreed } = point;
				const how = direct.has(point) ? (deposits.length === 0 ? "came in here" : "came in here, or in part") : "was passed on to here";
				return [
					cell(code(displayAddress(account as AccountId))),
					cell(how),
					[[defang(describeAmount(request, asset, BigInt(agreed)))], [`${agreed} base units`]],
					balanceCell(request, account, asset),
				];
			}),
		},
	];
}

/** Movements that one cell names. */
const LISTED = 5;
const CAME_ITSELF =
	"Where the money came in at an address labelled as yours itself: if that is a deposit address, the account to look for is the one to which you gave it; if it serves many, the transaction and its sender, named above, lead to the account.";

/** What an address held when a node was asked, and how that is known; that nobody asked. */
function balanceCell(request: RequestDocument, account: string, asset: string): Cell {
	const told = request.balances.find((one) => one.account === account && one.asset === asset);
	if (told === undefined) return cell("not read");
	const { decimals = 0 } = request.assets[asset] ?? {};
	const known = told.known === "proven" ? "proven to the block's header" : "one node's word";
	return [[formatAmount(BigInt(told.amount), decimals)], [`${told.amount} base units`], [`block ${told.height}, ${known}`]];
}

function holderBlocks(request: RequestDocument): Block[] {
	const { points, calls = [] } = request;
	const callOf = (account: string, asset: string) => calls.find((one) => one.account === account && one.asset === asset);
	return [
		{
			kind: "table",
			caption: "Addresses that hold your token, what they hold now, and whether they are frozen",
			columns: [
				{ name: "address and contract", width: 6 },
				{ name: "agreed", width: 3.5, numeric: true },
				{ name: "balance now", width: 3.5 },
				{ name: "frozen", width: 2 },
			],
			rows: points.map(({ account, asset, agreed }): Cell[] => {
				const call = callOf(account, asset);
				return [
					[[code(displayAddress(account as AccountId))], [code(request.contracts[asset] ?? asset)]],
					[[defang(describeAmount(request, asset, BigInt(agreed)))], [`${agreed} base units`]],
					balanceCell(request, account, asset),
					[[call?.frozen ?? "not asked"], ...(call?.height === undefined ? [] : [[`block ${call.height}, one node's word`]])],
				];
			}),
		},
		...(calls.length === 0
			? [text("How this contract freezes is not among the contracts that Clew knows.")]
			: [
					{
						kind: "table" as const,
						caption: "The call of the contract that would freeze each: only the issuer's own key can make it",
						columns: [
							{ name: "contract and function", width: 5 },
							{ name: "encoded call", width: 8 },
						],
						rows: calls.map(({ contract, freezes, data, account }): Cell[] => [
							[[code(contract)], [code(freezes)], ["of ", code(displayAddress(account as AccountId))]],
							cell(code(data)),
						]),
					},
				]),
	];
}
