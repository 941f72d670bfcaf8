export { ECB_URL } from "./ecb.js";
export { KLINE_INTERVALS, klineUrls } from "./kline-urls.js";
export { KLINE_EXCHANGES, type KlineFacts } from "./klines.js";
export { type PriceFileFacts, readPrices } from "./read-prices.js";
export type { ReadPrices } from "./told-price.js";
