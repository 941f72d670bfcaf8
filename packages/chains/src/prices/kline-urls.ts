import { InputError } from "@clew/core";
import type { KlineExchange } from "./klines.js";

/** Seconds of the lengths of candles that are asked for, by the word that Binance has for them. */
export const KLINE_INTERVALS: ReadonlyMap<string, number> = new Map(
	Object.entries({ "1m": 60, "5m": 300, "15m": 900, "30m": 1800, "1h": 3600, "4h": 14_400, "6h": 21_600, "1d": 86_400, "1w": 604_800 }),
);

/** Where each exchange answers, which lengths it has, in seconds, and how many candles it gives at once. */
const EXCHANGES = {
	binance: { base: "https://api.binance.com", lengths: [60, 300, 900, 1800, 3600, 14_400, 21_600, 86_400, 604_800], most: 1000 },
	kraken: { base: "https://api.kraken.com", lengths: [60, 300, 900, 1800, 3600, 14_400, 86_400, 604_800], most: 720 },
	coinbase: { base: "https://api.exchange.coinbase.com", lengths: [60, 300, 900, 3600, 21_600, 86_400], most: 300 },
} as const satisfies Record<KlineExchange, { base: string; lengths: readonly number[]; most: number }>;

/** More requests than this are for a file of the exchange's archive. */
const MAX_REQUESTS = 500;
const MILLIS = 1000;

/** Which candles are wanted: those that begin from `from` to before `to`, in Unix seconds. */
export interface KlineRequest {
	readonly exchange: KlineExchange;
	readonly pair: string;
	readonly interval: number;
	readonly from: number;
	readonly to: number;
	/** Another place than the exchange's own, such as a mirror. */
	readonly base?: string | undefined;
}

/**
 * The URLs that give the wanted candles, in order. Kraken has the latest 720 only, whatever is asked for. Throws InputError (USAGE) for a
 * length that an exchange does not have, for no time at all, and for more requests than anybody should make.
 */
export function klineUrls({ exchange, pair, interval, from, to, base }: KlineRequest): string[] {
	const { lengths, most, base: own } = EXCHANGES[exchange];
	if (!(lengths as readonly number[]).includes(interval))
		throw new InputError(`${exchange} has no candles of ${interval} seconds`, { code: "USAGE", hint: `It has ${lengths.join(", ")}.` });
	if (from >= to) throw new InputError("the first day is not before the last", { code: "USAGE" });
	const place = (base ?? own).replace(/\/$/, "");
	const name = encodeURIComponent(pair);
	if (exchange === "kraken") return [`${place}/0/public/OHLC?pair=${name}&interval=${interval / 60}&since=${from - interval}`];
	const span = interval * most;
	const count = Math.ceil((to - from) / span);
	if (count > MAX_REQUESTS)
		throw new InputError(`that is ${count} requests, more than ${MAX_REQUESTS}`, {
			code: "USAGE",
			hint: "Take longer candles, a shorter time, or a file of the exchange's archive with clew price import.",
		});
	const word = [...KLINE_INTERVALS].find(([, seconds]) => seconds === interval)?.[0] ?? "";
	return Array.from({ length: count }, (_, i) => {
		const begin = from + i * span;
		const end = Math.min(to, begin + span);
		return exchange === "binance"
			? `${place}/api/v3/klines?symbol=${name}&interval=${word}&startTime=${begin * MILLIS}&endTime=${end * MILLIS - 1}&limit=${most}`
			: `${place}/products/${name}/candles?granularity=${interval}&start=${begin}&end=${end - interval}`;
	});
}
