import {
	type AccountId,
	chainOf,
	defangLong,
	displayAddress,
	formatPosition,
	type GraphStore,
	InputError,
	ledgerOf,
	parseAccount,
	parseAssetOn,
} from "@clew/core";
import { findPaths, type ReadTo } from "@clew/tracer";
import { Command } from "@commander-js/extra-typings";
import { height, positive } from "../arguments.js";
import { CASE_OPTION, withCase } from "../case-file.js";
import type { Context } from "../context.js";
import { mustKnow } from "../empty.js";
import { assetsNamed, json, showAccount, showAmount, showEntityAt } from "../output.js";
import { passagesBetween } from "../over-chains.js";

/** `clew path`: which transfers link two accounts. */
export function pathCommand(context: Context) {
	return new Command("path")
		.description(
			"time-respecting paths from one account to another, the best for each last transfer, best value first (a path is worth its smallest transfer)",
		)
		.option(...CASE_OPTION)
		.requiredOption("--from <account>", "address or CAIP-10 account")
		.requiredOption("--to <account>", "address or CAIP-10 account")
		.option("--asset <asset>", "only this asset: native, a token contract or a CAIP-19 id")
		.option("--since <height>", "first block", height)
		.option("--until <height>", "last block", height)
		.option("--max-paths <n>", "how many", positive, 5)
		.option("--max-hops <n>", "longest path", positive, 12)
		.option("--max-transfers <n>", "transfers to look at before giving up", positive, 1_000_000)
		.option("--json", "as one JSON object", false)
		.action((options) =>
			withCase(options, async (store) => {
				const { chain } = store.info;
				if (ledgerOf(chain) === "outputs") {
					throw new InputError("clew path knows account chains only so far", {
						code: "USAGE",
						hint: "On Bitcoin: clew trace --seed account:FROM shows what reached TO; clew cluster FROM --why TO what joins them.",
					});
				}
				const [from, to] = [parseAccount(options.from, chain), parseAccount(options.to, chain)];
				const crossings = await overChains(store, from, to);
				for (const account of [from, to])
					if (chainOf(account) !== chain)
						throw new InputError(`${displayAddress(account)} is on another chain than ${chain}: paths do not cross chains`, {
							code: "BAD_ADDRESS",
							hint: crossings.length === 0 ? "clew trace follows money over bridges." : crossings.map(defangLong).join("\n"),
						});
				for (const account of [from, to]) await mustKnow(store, account);
				const result = await findPaths(store, {
					from,
					to,
					...(options.asset === undefined ? {} : { asset: parseAssetOn(chain, options.asset) }),
					...(options.since === undefined ? {} : { since: options.since }),
					...(options.until === undefined ? {} : { until: options.until }),
					maxPaths: options.maxPaths,
					maxHops: options.maxHops,
					maxTransfers: options.maxTransfers,
					signal: context.signal,
				});
				const paths = result.paths.map((path) => ({
					...path,
					transfers: path.transfers.map((t) => ({ ...t, position: formatPosition(t.position) })),
				}));
				if (options.json) return context.print(json({ schema: "clew.path/1", ...result, readTo: result.readTo ?? null, paths }));
				if (result.unfetched.length > 0) context.note(unread(result.unfetched));
				if (result.otherAssets.length > 0) context.note(exchanging(result.otherAssets));
				if (result.transfersRead > options.maxTransfers)
					context.note(`gave up after ${result.transfersRead} transfers: there may be more or better paths (--max-transfers)`);
				if (result.more) context.note(`there are more paths than ${options.maxPaths} (--max-paths)`);
				if (result.cut) context.note(`looked no further than ${options.maxHops} transfers: there may be longer paths (--max-hops)`);
				for (const words of crossings) context.note(defangLong(words));
				if (result.readTo !== undefined) context.note(readTo(result.readTo, options.until));
				if (paths.length === 0) return context.print(`no path in the data of this case${within(options, result.cut)}`);
				const assets = await assetsNamed(
					store,
					result.paths.map(({ asset }) => asset),
				);
				for (const [i, path] of result.paths.entries()) {
					const info = assets[path.asset];
					context.print(
						context.colours.bold(
							`path ${i + 1}: ${showAmount(path.value, info, path.asset, assets)} over ${path.transfers.length} transfers`,
						),
					);
					for (const t of path.transfers) {
						const time = (await store.header(t.chain, t.position.height))?.time;
						const entity = showEntityAt(await store.labelsOf(t.to), time);
						const name = entity === "" ? "" : `  ${entity}`;
						context.print(
							`  ${formatPosition(t.position)}  ${showAccount(t.from)} -> ${showAccount(t.to)}  ${showAmount(t.amount, info, t.asset, assets)}${name}\n    ${t.txHash}`,
						);
					}
				}
			}),
		);
}

/** Passages named in notes. */
const CROSSINGS = 5;

/** Of a case with several chains: that paths do not cross them, and which passages the kept traces know between two accounts. */
async function overChains(store: GraphStore, from: AccountId, to: AccountId): Promise<string[]> {
	const chains = await store.chains();
	if (chains.length < 2) return [];
	const known = await passagesBetween(store, from, to);
	const none = "no kept trace knows a passage over a bridge of these two; clew trace looks for them";
	return [
		`paths do not cross chains, and the case holds ${chains.length}: ${known.length === 0 ? none : "kept traces know of these passages"}`,
		...known.slice(0, CROSSINGS),
		...(known.length > CROSSINGS ? [`and ${known.length - CROSSINGS} more`] : []),
	];
}

/** What a search was narrowed to, in words. */
function within({ since, until, maxHops }: { since?: number; until?: number; maxHops: number }, cut: boolean): string {
	const from = since === undefined ? "" : ` from block ${since} on`;
	const to = until === undefined ? "" : ` up to block ${until}`;
	return `${from}${to}${cut ? ` of at most ${maxHops} transfers` : ""}`;
}

function readTo({ account, height }: ReadTo, until: number | undefined): string {
	const asked = until === undefined ? "" : `, before block ${until} (--until)`;
	return `what the case holds of ${showAccount(account)} ends at block ${height}${asked}: nothing is said of paths over it after that`;
}

/** Accounts named in one note. */
const NAMED = 5;

function unread(accounts: readonly AccountId[]): string {
	return `the history of ${named(accounts)} is not in the case, or not whole: there may be more paths over them`;
}

function exchanging(accounts: readonly AccountId[]): string {
	return `a path is of one asset: ${named(accounts)} paid in others, too, and may have exchanged it, which clew trace follows`;
}

function named(accounts: readonly AccountId[]): string {
	const more = accounts.length > NAMED ? ` and ${accounts.length - NAMED} more` : "";
	return `${accounts.slice(0, NAMED).map(showAccount).join(", ")}${more}`;
}
