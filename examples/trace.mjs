// Where is the money of a case now? The same answer that `clew trace` gives.
//   node examples/trace.mjs case.clew account:0x... [tx:0x... ...]
import { formatAmount } from "@clew/core";
import { openCase } from "@clew/graph-store";
import { trace } from "@clew/tracer";

const [place, ...seeds] = process.argv.slice(2);
const store = await openCase(place);
try {
	for (const { id, chain, leaves, assets } of await trace(store, seeds)) {
		console.log(`trace ${id} on ${chain}`);
		for (const { account, stop, amounts, agreed } of leaves) {
			const [asset = ""] = Object.keys(amounts);
			const { decimals = 0, symbol = asset } = assets[asset] ?? {};
			console.log(`${account}  ${stop.reason}  agreed ${formatAmount(BigInt(agreed), Number(decimals))} ${symbol}`);
		}
	}
} finally {
	await store.close();
}
