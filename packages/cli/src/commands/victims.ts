import { writeFileSync } from "node:fs";
import {
	type AccountId,
	type AssetId,
	chainOf,
	countOf,
	defangLong,
	formatPosition,
	type GraphStore,
	groupBy,
	InputError,
	isNative,
	isoTime,
	KNOWN_TOKENS,
	ledgerOf,
	parseAccountOn,
	wrappedCoin,
} from "@clew/core";
import { DEFAULT_STOP_PARAMETERS } from "@clew/tracer";
import { findVictims, type NoVictim, type Payers, type Victim } from "@clew/workers";
import { Command } from "@commander-js/extra-typings";
import { positive } from "../arguments.js";
import { CASE_OPTION, CHAIN_OPTION, withChain } from "../case-file.js";
import type { Context } from "../context.js";
import { mustKnow } from "../empty.js";
import { assetsNamed, json, showAccount, showAmount } from "../output.js";
import { forwardTrace } from "../stored-trace.js";
import { printTable } from "../table.js";
import { FIRST_NOTE, UNBACKED_NOTE, victimsCsv } from "../victims-csv.js";

const TRACE_ID = /^[0-9a-f]{16}$/;

/** `clew victims`: who paid a collector, or the seeds of a trace. */
export function victimsCommand(context: Context) {
	return new Command("victims")
		.description("who paid an address, or the seeds of a trace: how much, when, by which lure, and what was sent back")
		.argument("<account|trace...>", "addresses or CAIP-10 accounts that collected; or one trace: its id, or 'last'")
		.option(...CASE_OPTION)
		.option(...CHAIN_OPTION)
		.option("--out <file>", "write a row for each payment (CSV), to be seeds: clew trace --seed @FILE")
		.option("--redact", "in --out number the victims and leave out addresses and transactions of theirs", false)
		.option("--all-tokens", "also tokens that nobody knows as money", false)
		.option("--limit <n>", "payments of a collector to read", positive, 100_000)
		.option("--top <n>", "victims printed of each asset", positive, 20)
		.option("--json", "as one JSON object", false)
		.action((what, options) =>
			withChain(options, async (store) => {
				const { chain } = store.info;
				if (ledgerOf(chain) === "outputs")
					throw new InputError("clew victims knows account chains only so far", {
						code: "USAGE",
						hint: "On Bitcoin: clew show TXID lists who paid a transaction, clew cluster ADDRESS who belongs together.",
					});
				if (options.redact && options.out === undefined) throw new InputError("--redact goes with --out", { code: "USAGE" });
				const looked = await lookedFor(store, what);
				const stops = DEFAULT_STOP_PARAMETERS;
				const found = await findVictims(store, { ...looked, stops, most: options.limit, signal: context.signal });
				const isMoney = (asset: AssetId) =>
					options.allTokens || isNative(asset) || KNOWN_TOKENS.has(asset) || wrappedCoin(chain)?.asset === asset;
				const victims = found.victims.filter(({ asset }) => isMoney(asset));
				const others = found.others.filter(({ asset }) => isMoney(asset));
				const folded = new Set([...found.victims, ...found.others].map(({ asset }) => asset).filter((asset) => !isMoney(asset))).size;
				const payers: Payers = { ...found, victims, others };
				if (options.out !== undefined) await writeRows(context, store, victims, options.out, options.redact);
				if (options.json)
					return context.print(json({ schema: "clew.payers/1", ...inJson(payers, looked.collectors), otherTokens: folded }));
				await print(context, store, payers, options.top);
				if (folded > 0) context.note(`${countOf(folded, "other token")} that nobody knows as money left out (--all-tokens)`);
				for (const account of looked.collectors)
					if ((await store.profile(account, 1)).coverage.length === 0)
						context.note(`the history of ${showAccount(account)} was not fetched: others may have paid it`);
				for (const account of found.cut) context.note(`${showAccount(account)} has more movements than were read (--limit)`);
			}),
		);
}

/** The collectors, and of a trace its seeds' payments alone. */
async function lookedFor(store: GraphStore, what: readonly string[]) {
	const [first = ""] = what;
	if (what.length > 1 || (first !== "last" && !TRACE_ID.test(first))) {
		const collectors = what.map((text) => parseAccountOn(store.info.chain, text));
		for (const account of collectors) await mustKnow(store, account);
		return { collectors };
	}
	const { seeds, chain } = await forwardTrace(store, first, "victims");
	if (chain !== store.info.chain) throw new InputError(`the trace is of ${chain}`, { code: "USAGE", hint: `Give --chain ${chain}.` });
	const rows = seeds.flatMap((seed) => seed.rows);
	return { collectors: [...new Set(rows.map(({ account }) => account as AccountId))], only: new Set(rows.map(({ position }) => position)) };
}

async function writeRows(context: Context, store: GraphStore, victims: readonly Victim[], path: string, redact: boolean): Promise<void> {
	const [one] = victims;
	const assets = await assetsNamed(
		store,
		victims.map(({ asset }) => asset),
	);
	const times = new Map<number, number | undefined>();
	for (const height of new Set(victims.flatMap(({ payments }) => payments.map(({ transfer }) => transfer.position.height))))
		times.set(height, one && (await store.header(chainOf(one.account), height))?.time);
	writeFileSync(path, victimsCsv(victims, { assets, timeAt: (height) => times.get(height), redact }));
	const payments = victims.reduce((sum, victim) => sum + victim.payments.length, 0);
	context.note(`${path}: ${countOf(payments, "payment")} of ${countOf(new Set(victims.map(({ account }) => account)).size, "victim")}`);
}

function inJson({ victims, others, cut }: Payers, collectors: readonly AccountId[]) {
	const at = <T extends { readonly position: Parameters<typeof formatPosition>[0] }>(transfer: T) => ({
		...transfer,
		position: formatPosition(transfer.position),
	});
	return {
		collectors,
		cut,
		victims: victims.map((victim) => ({ ...victim, payments: victim.payments.map((one) => ({ ...one, transfer: at(one.transfer) })) })),
		others: others.map((other) => ({ ...other, payments: other.payments.map(at) })),
	};
}

async function print(context: Context, store: GraphStore, { victims, others }: Payers, top: number): Promise<void> {
	if (victims.length + others.length === 0) return context.print("nobody paid it in the data of this case");
	const assets = await assetsNamed(
		store,
		[...victims, ...others].map(({ asset }) => asset),
	);
	const show = (amount: bigint, asset: AssetId) => showAmount(amount, assets[asset], asset, assets);
	const day = async (height: number) => {
		const time = (await store.header(store.info.chain, height))?.time;
		return time === undefined ? `block ${height}` : isoTime(time).slice(0, 10);
	};
	for (const [asset, all] of groupBy(victims, (one) => one.asset)) {
		const net = all.reduce((sum, { paid, returned }) => sum + paid - returned, 0n);
		const paid = all.reduce((sum, one) => sum + one.paid, 0n);
		context.print(
			context.colours.bold(
				`${countOf(all.length, "account")} paid ${show(paid, asset)}${paid === net ? "" : `, less what came back ${show(net, asset)}`}`,
			),
		);
		const rows: string[][] = [];
		for (const victim of all.slice(0, top)) rows.push(await row(victim, show, day));
		printTable(context, ROW_COLUMNS, rows);
		const unread = all.filter(({ isRead }) => !isRead).length;
		if (unread > 0)
			context.print(
				`of ${unread} of them the own history is not in the case: an address like this one that they had paid before would not be seen`,
			);
		if (all.length > top) context.note(`${all.length - top} more (--top, --out, --json)`);
	}
	const why = groupBy(others, (one) => `${one.why} ${one.asset}`);
	if (why.size > 0) context.print("not called victims:");
	for (const group of why.values()) context.print(`- ${otherWords(group, show)}`);
}

const ROW_COLUMNS = [
	{ title: "payer" },
	{ title: "paid", right: true },
	{ title: "came back", right: true },
	{ title: "payments", right: true },
	{ title: "first" },
	{ title: "lure" },
	{ title: "note", optional: "below" as const },
];

async function row(victim: Victim, show: (amount: bigint, asset: AssetId) => string, day: (height: number) => Promise<string>) {
	const { account, asset, paid, returned, payments } = victim;
	const lures = groupBy(payments, ({ lure, by }) => `${lure}${by === undefined ? "" : `: ${showAccount(by)}`}`);
	return [
		showAccount(account),
		show(paid, asset),
		returned === 0n ? "" : show(returned, asset),
		payments.length.toString(),
		await day(payments[0]?.transfer.position.height ?? 0),
		[...lures].map(([lure, of]) => (of.length === payments.length ? lure : `${lure} (${of.length})`)).join(", "),
		[...(victim.isFirst ? [FIRST_NOTE] : []), ...(victim.isUnbacked ? [UNBACKED_NOTE] : [])].join("; "),
	];
}

const OTHER_WORDS = {
	service: ["service", "whose customers may be: it can tell"],
	contract: ["contract", "whose money it passed on is in the transactions that called it"],
	"got more back": ["account", "got more back than it paid"],
	dust: ["account", "paid no more than the fee of the payment"],
	collector: ["account", "one of the collectors"],
} as const;
const NAMED = 5;

function otherWords(group: readonly NoVictim[], show: (amount: bigint, asset: AssetId) => string): string {
	const [{ why, asset }] = group as readonly [NoVictim];
	const paid = group.reduce((sum, one) => sum + one.paid, 0n);
	const named = group
		.slice(0, NAMED)
		.map(({ account, detail }) => `${showAccount(account)}${why === "service" ? ` (${defangLong(detail)})` : ""}`);
	const [noun, said] = OTHER_WORDS[why];
	return `${countOf(group.length, noun)} (${said}): ${show(paid, asset)}; ${named.join(", ")}${group.length > NAMED ? ` and ${group.length - NAMED} more` : ""}`;
}
