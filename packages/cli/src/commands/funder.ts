import { defangLong, formatPosition, InputError, ledgerOf, parseAccountOn } from "@clew/core";
import { DEFAULT_STOP_PARAMETERS, fundersOf } from "@clew/tracer";
import { Command } from "@commander-js/extra-typings";
import { height, positive } from "../arguments.js";
import { CASE_OPTION, CHAIN_OPTION, withChain } from "../case-file.js";
import type { Context } from "../context.js";
import { mustHoldData, mustKnow } from "../empty.js";
import { assetsNamed, json, showAccount, showAmount } from "../output.js";
import { printTable } from "../table.js";

const COLUMNS = [
	{ title: "account" },
	{ title: "first coins from" },
	{ title: "amount", right: true },
	{ title: "at" },
	{ title: "the first?", optional: "below" as const },
];

/** `clew funder`: who paid an account its first gas. */
export function funderCommand(context: Context) {
	return new Command("funder")
		.description("who paid an account its first coins, who paid theirs to that one, and so on, up to a service: a lead, no proof")
		.argument("<account>", "address or CAIP-10 account")
		.option(...CASE_OPTION)
		.option(...CHAIN_OPTION)
		.option("--max-steps <n>", "how many accounts back", positive, 20)
		.option(
			"--service-transfers <n>",
			"an account with this many transfers counts as a service",
			positive,
			DEFAULT_STOP_PARAMETERS.serviceTransfers,
		)
		.option("--min-confidence <n>", "weaker labels do not end it", height, DEFAULT_STOP_PARAMETERS.minLabelConfidence)
		.option("--json", "as one JSON object (schema clew.funder/1)", false)
		.action((what, options) =>
			withChain(options, async (store) => {
				const { chain } = store.info;
				if (ledgerOf(chain) === "outputs")
					throw new InputError("clew funder knows account chains only: on Bitcoin nobody pays for gas", {
						code: "USAGE",
						hint: "clew trace --backward --seed outpoint:TXID:N says where an output came from.",
					});
				await mustHoldData(store);
				const account = parseAccountOn(chain, what);
				await mustKnow(store, account);
				const stops = {
					...DEFAULT_STOP_PARAMETERS,
					serviceTransfers: options.serviceTransfers,
					minLabelConfidence: options.minConfidence,
				};
				const { steps, end } = await fundersOf(store, account, stops, options.maxSteps);
				if (options.json) {
					const told = steps.map(({ account: of, payment, open }) => ({
						account: of,
						funder: payment.from,
						position: formatPosition(payment.position),
						txHash: payment.txHash,
						amount: payment.amount.toString(),
						provenance: payment.provenance,
						open: [...open],
					}));
					return context.print(json({ schema: "clew.funder/1", account, steps: told, end }));
				}
				const assets = await assetsNamed(
					store,
					steps.map(({ payment }) => payment.asset),
				);
				if (steps.length > 0)
					printTable(
						context,
						COLUMNS,
						steps.map(({ account: of, payment: { from, amount, asset, position }, open }) => [
							showAccount(of),
							showAccount(from),
							showAmount(amount, assets[asset], asset, assets),
							formatPosition(position),
							open.length === 0 ? "yes" : `not known: ${open.join("; ")}`,
						]),
					);
				context.print(`ends at ${showAccount(end.account)}: ${end.reason}, ${defangLong(end.detail)}`);
			}),
		);
}
