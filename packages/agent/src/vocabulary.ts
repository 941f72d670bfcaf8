const words = (text: string) => new Set(text.trim().split(/\s+/));

/**
 * Words that may stand with a capital (at the beginning of a sentence, in a heading) and name nobody. Left out on purpose: words that are
 * names, too (Will, Mark, Bill, Gate).
 */
export const ORDINARY: ReadonlySet<string> = words(`
a about above according account accounts across action actions active activity actually add added addition additional address
addresses after again against agree agreed agrees all almost alone along already also although always amount amounts an analysis and
another answer any anybody anything anywhere appear appears are around as asked asset assets at attributed attribution available
ask asks away back background balance balances based basis be because been before began beginning behind being below beside besides best
between beyond block blocks book books both bounds bridge bridges brought but by called came can cannot case cases cash caution
certain chain chains check checked claim claims clear close cluster clusters coin coins collector come comes coming compare compared
complete completely conclusion conclusions condition confidence confirmed conserving consider contract contracts could count counted
cover coverage covered custodian custody data date dates day days deposit deposits detail details detected detection detections did
difference different direct direction directly do does done down during each earlier earliest either else end ended ends enough
entities entity entry equal estimate even event events every everything evidence exact exactly except exchange exchanges exist
exists explain explained fact facts far fee fees fetch fetched few field file files finally find finding findings first flow flows
follow followed following follows for found freeze from full fully fund funded funder funders funding funds further gap gaps gave
general give given gives giving go goes going gone had has hash hashes have having height heights held hence her here heuristic
heuristics high higher highest his history hold holder holding holdings holds hop hops how however identified if important in
incident inflow inflows information input inputs inside instead internal into investigation investigator is it item its itself kept
key kind kinds knew know known knows label labelled labels large larger largest last later latest lead leads least leave leaves left
less let lie lies like likely limit limitation limitations limits link linked links list listed lists little long longer look looked
low lower lowest made main make makes making many match matches matter may means meant method methods might missing money month
months more most move moved movement movements moves moving much must name named names native near nearest neither network never new
newest next no nobody node nodes none nor not note notes nothing notice now number numbers observed of often old older oldest on
once only open opening or order origin original other others otherwise our out outflow outflows output outputs outside over overview
own owner owners page paid part parts party passed path paths pay payer payers paying payment payments pays people per percent
perhaps period person persons place places please point points position possible possibly price prices private probably proceeds
proof proposal proposals propose proposed prove proven proves public question questions rather reach reached reaches read reading
reason reasons receive received receiver receives receiving recipient recommendation recommendations recommended record records
recovery reference references regarding relation remaining remains report reported request requests rest result results return
returned review risk role route row rows rule rules run said same say says scope search second section see seed seeded seeds seem
seems seen send sender sending sends sent separate service services several she should show shown shows side similar since single
small smaller smallest so some somebody someone something somewhere source sources spend spent stand standing stands start started
state stated statement states status step steps still stolen stop stopped stops story structural subject such suggest suggestion
suggests sum summary support supports suspect suspected table tagged taint tainted take taken takes taking tell tells term terms
than that the theft thefts their them then there therefore these they thief thing things think this those though through thus time
timeline times title to together token tokens told too took top total totals toward towards trace traced traces transaction
transactions transfer transferred transfers try unconfirmed under unknown unless unread unspent until up upon use used user users
using value values various version very via victim victims wallet wallets was watch way ways we week weeks well went were what
whatever when where whereas whether which while who whoever whole whom whose why with within without witness worth would year years
yes yet you your unfortunately meanwhile please approximately subsequently moreover furthermore additionally consequently hence overall
afterwards accordingly initially eventually shortly today currently recently notably importantly namely indeed moreover nevertheless
nonetheless otherwise altogether elsewhere whichever besides despite following regardless`);

/** Words with a capital of the field itself: no name of anybody. */
export const PROPER: ReadonlySet<string> = words("I ID IDs UTC Clew CAIP TXID OK EVM CSV JSON");

/** Names, in small letters, of services and people that are known to all: in an answer they stand in a fact, however they are written. */
export const WELL_KNOWN: ReadonlySet<string> = new Set([
	...words(`binance kraken coinbase bitfinex bitstamp bithumb huobi htx okx okex kucoin bybit poloniex bittrex upbit korbit coinone mexc
	bitmex deribit hitbtc whitebit luno bitpanda paxful localbitcoins garantex grinex suex chatex nobitex exmo changenow fixedfloat sideshift
	thorchain chipmixer sinbad wasabi samourai railgun uniswap metamask tether paxos robinhood revolut paypal chainalysis ciphertrace
	metasleuth interpol europol fbi ofac dprk lazarus tornado`),
	...["tornado cash", "north korea", "secret service", "lazarus group"],
]);

/** Small words that count nothing: behind a number they say that its unit is not there. */
export const NEUTRAL: ReadonlySet<string> =
	words(`and or to from in at on by for with is was were are has had have which that as it its the but
then than when while where who so not be been may could might would into via through under over after before until since during about a an
this these those they also only alone together there`);

/** Numbers in words: they cannot be held against facts. One and the ordinals up to third are ordinary words. */
const NUMBERS = words(`two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty thirty forty fourty fifty sixty seventy eighty ninety hundred thousand million billion trillion
zwei drei vier fünf fuenf sechs sieben acht neun zehn elf zwölf zwoelf zwanzig dreißig dreissig vierzig fünfzig sechzig siebzig achtzig
neunzig hundert tausend million millionen milliarde milliarden
deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze vingt trente quarante cinquante soixante cent cents mille
milliard milliards
dos tres cuatro cinco seis siete ocho nueve diez doce trece catorce veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa
cien ciento cientos quinientos mil millón millon millones
dois duas três quatro sete oito nove dez doze treze vinte trinta quarenta cinquenta sessenta oitenta cem cento centos duzentos quinhentos
milhão milhao milhões milhoes bilhão bilhões
yi liang san si wu liu qi jiu shi bai qian wan baiwan qianwan`);
/** Scales, parts and other ways to count. */
const SCALES = words(`k m b mm mn mio mill mrd bn tn lakh lakhs lac crore crores grand grands myriad myriads gross score scores dozen dozens
couple couples half halves halfs third thirds quarter quarters double doubled twice thrice triple tripled treble quadruple quintuple zero nil
nought naught percent permille fourth fifth sixth seventh eighth ninth tenth eleventh twelfth hundredth thousandth millionth dutzend
douzaine docena dúzia centaine centenar`);
const COMPOUND = new RegExp(`^(?:${[...NUMBERS].sort((a, b) => b.length - a.length).join("|")}|und|one|and){2,}(?:s|th)?$`);
const LONGEST_COMPOUND = 60;

/** Whether a word, in small letters, states a number, of English or one of the languages in which answers are common. */
export function isNumberWord(lower: string): boolean {
	if (NUMBERS.has(lower) || SCALES.has(lower) || (lower.endsWith("s") && NUMBERS.has(lower.slice(0, -1)))) return true;
	if (/fold$/.test(lower)) return !/^(?:un|blind|mani|scaf)?fold$/.test(lower);
	return lower.length <= LONGEST_COMPOUND && !ORDINARY.has(lower) && COMPOUND.test(lower);
}
/** Ordinary words that state a number where a unit stands behind them. */
export const NO_NUMBERS: ReadonlySet<string> = words("one once single first second third half");
/** Units of coins and of money. */
export const COIN_WORDS: ReadonlySet<string> =
	words(`ether ethers eth bitcoin bitcoins btc wei gwei satoshi satoshis sat sats dollar dollars usd
euro euros eur yen won yuan tron trx sun solana sol usdt usdc dai`);
/** What coins and their base units are called besides their symbols. */
export const COIN_NAMES: Readonly<Record<string, { readonly whole: readonly string[]; readonly units: readonly string[] }>> = {
	ETH: { whole: ["ether"], units: ["wei"] },
	BTC: { whole: ["bitcoin", "bitcoins"], units: ["satoshi", "satoshis", "sats"] },
	TRX: { whole: [], units: ["sun"] },
};
/** Behind a date or a time: it is not of UTC. */
export const ZONES: ReadonlySet<string> =
	words(`kst jst cst est edt cdt mst mdt pst pdt cet cest bst ist msk hkt sgt aest aedt gmt wet west eet
eest local am pm seoul korea korean tokyo beijing o oclock`);

/** Words that make a lead certain: in a sentence that cites one they cannot stand. */
export const CERTAIN_WORDS =
	/\b(certain(?:ly|ty)?|definite(?:ly)?|undoubted(?:ly)?|undeniabl[ey]|doubt(?:s|less)?|question(?:able)?|prove[sdn]?|proof|confirm(?:s|ed)?|established?|clear(?:ly)?|well[- ]known|of course|evident(?:ly)?|naturally|obvious(?:ly)?|must|facts?|factual(?:ly)?|true|truth|truly|sure(?:ly)?|absolute(?:ly)?|guarantee[sd]?|conclusive(?:ly)?|indeed|no longer|is the owner|are the same person|every|always|only|100|not (?:just|merely|only|a|an)? ?(?:a )?leads?|no (?:mere )?leads?)\b/i;
/** Words by which a sentence says that it tells what somebody claims. */
export const CLAIM_WORDS =
	/\b(label(?:s|led)?|labeled|according to|called|named|known as|attributed|attribution|tagged|tags?|listed|lists?|says|identified as|price[sd]?|worth(?= (?:about |at )?[$€£¥\d])|symbol)\b/i;
