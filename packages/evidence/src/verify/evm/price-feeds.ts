/** What published contracts of oracles answer about, in dollars with 8 decimals, by account. A table of the verifier's own. */
const ETHEREUM = "eip155:1";
const token = (contract: string) => `${ETHEREUM}/erc20:${contract}`;

const ON_ETHEREUM: Readonly<Record<string, string>> = {
	"0xe62b71cf983019bff55bc83b48601ce8419650cc": "eip155:1/slip44:60",
	"0xdbe1941bfbe4410d6865b9b7078e0b49af144d2d": "bip122:000000000019d6689c085ae165831e93/slip44:0",
	"0xc45ebd0f901ba6b2b8c7e70b717778f055ef5e6d": "eip155:56/slip44:60",
	"0x4b35f7854e1fd8291f4ec714ac3ebb1dea450585": "eip155:137/slip44:60",
	"0x478238a1c8b862498c74d0647329aef9ea6819ed": token("0x6b175474e89094c44da98b954eedeac495271d0f"),
	"0x98953e9c76573e06ec265bdde1dbb89fa02d56d3": token("0x0000000000085d4780b73119b644ae5ecd22b376"),
	"0xf3d70857b489ecc6768d0982b773e1cba9e1f00b": token("0x8e870d67f660d95d5be530380d0ec0bd388289e1"),
	"0x6a805f2580b8d75d40331c26c074c2c42961e7f2": token("0x056fd409e1d7a124bd7017459dfea2f387b6d5cd"),
	"0x27b97a63091d185ce056e1747624b9b92baad056": token("0x5f98805a4e8be255a32880fdec7f6728c6568ba0"),
	"0xda31bc2b08f22ae24aed5f6eb1e71e96867ba196": token("0xae7ab96520de3a18e5e111b5eaab095312d7fe84"),
	"0x20807cf61ad17c31837776fa39847a2fa1839e81": token("0x514910771af9ca656af840dff83e8264ecf986ca"),
	"0x373bce97bec13bfa8a5f07cc578ec2d77f80c589": token("0x1f9840a85d5af5bf1d1762f925bdaddc4201f984"),
	"0x8116b273cd75d79c382afacc706659ded5e0a59d": token("0x7fc66500c84a76ad7e9c93437bfc5ac33e2ddae9"),
	"0x71febc2f741f113af322e1b576ef005a4424574f": token("0x9f8f72aa9304c8b593d555f12ef6589cc3a579a2"),
	"0x86e345d4113e1105053a81240c75b56b437da6ef": "KRW",
};

const ON_POLYGON: Readonly<Record<string, string>> = {
	"0x310990e8091b5cf083fa55f500f140cfbb959016": "EUR",
	"0x3f7f90e0f782e325401f6323ba93e717f519f382": "GBP",
	"0x8123beacb5bca3afa0c9ff71b28549d58cec8176": "CHF",
	"0x45ede0ea5cbbe380c663c7c3015cc7c986669fec": "SGD",
	"0x8a2355ec4678186164dc17dfc2c5d0d083d7fd66": "PHP",
	"0x88b79bfce730bbb74f23ab8940b37b86859caa2e": "CAD",
	"0xeaf35f06410014234bee87980a902c21f78cb426": "JPY",
	"0x542d2af7f89a61205f3da2d3d13e29b56bde7b46": "SEK",
	"0x0a9823c5cd84099fde8566a1adf0f2bb41cc6e7d": "AUD",
	"0xf07eac7a48eb772613479d6a8fc42675f1befb47": "CNY",
	"0xfd54f97a6c408561b5df798c04ae08b27ca0d7f7": "KRW",
	"0x2e2ed40fc4f1774def278830f8fe3b6e77956ec8": "MXN",
	"0xe63032a70f6eb617970829fbfa365d7c44bdbbbf": "NZD",
	"0x08f8d217e6f07ae423a2ad2ffb226ffcb577708d": "PLN",
	"0x6dbd1be1a83005d26b582d61937b406300b05a8f": "BRL",
};

const FEEDS: ReadonlyMap<string, string> = new Map([
	...Object.entries(ON_ETHEREUM).map(([address, asset]) => [`${ETHEREUM}:${address}`, asset] as const),
	...Object.entries(ON_POLYGON).map(([address, asset]) => [`eip155:137:${address}`, asset] as const),
]);

/** A contract with what it answers about, in what, and with how many decimals. */
export interface Feed {
	readonly account: string;
	readonly asset: string;
	readonly unit: string;
	readonly decimals: number;
}

/** True for a published feed with what is published of it; undefined for a contract that this verifier does not know. */
export function isPublished({ account, asset, unit, decimals }: Feed): boolean | undefined {
	const known = FEEDS.get(account);
	return known === undefined ? undefined : known === asset && unit === "USD" && decimals === 8;
}
