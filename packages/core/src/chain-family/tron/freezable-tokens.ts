import { type FreezableToken, TETHER_BLACKLIST } from "../freeze-forms.js";
import { TRON_TOKENS } from "./known-tokens.js";

/** Tokens that their issuers can freeze, as the issuers publish contracts and sources. */
export const TRON_FREEZABLE: readonly FreezableToken[] = TRON_TOKENS.flatMap(([asset, { symbol, decimals }]) =>
	symbol === "USDT" ? [{ asset, symbol, decimals, issuer: "Tether", form: TETHER_BLACKLIST }] : [],
);
