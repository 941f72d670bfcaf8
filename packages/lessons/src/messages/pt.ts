import type { Messages } from "./en.js";

/** Portuguese of Brazil, polite form. */
export const pt: Messages = {
	language: "Português (Brasil)",
	draft: "Este é um rascunho feito por máquina; nenhum falante nativo o conferiu ainda; vale o texto em inglês.",
	guide: {
		now: "Faça isto agora",
		today: "Faça isto hoje",
		later: "Nos próximos dias",
		say: "O que dizer",
		never: "Nunca faça isto",
		money: "O que este caso sabe",
		help: "Quem pode ajudar",
		next: "Sua próxima data",
		trap: "Cuidado com um segundo roubo",
		upTo: "até {amount}",
		taken: "Levaram: {amount}.",
		stop: "{amount} está com {who}. Eles podem bloquear o valor. Escreva para eles hoje: {channel}.",
		issuer: "{amount} está em uma moeda que {who} pode congelar. Escreva para eles hoje: {channel}.",
		others: "A própria página deles diz a pessoas como você: {text}",
		noChannel: "aqui não se conhece nenhum meio de falar com eles; procure no próprio site deles",
		records: "{amount} foi para {who}. A polícia pode perguntar a eles quem recebeu.",
		held: "{amount} está em um endereço que ninguém aqui pode bloquear. Pode sair de lá a qualquer momento.",
		unread: "Onde {amount} está agora, ninguém olhou ainda.",
		frozen: "Congelado por quem faz a moeda: {amount}.",
		frozenUnknown: "Ninguém perguntou ainda se alguma parte está congelada.",
		asOf: "Isto vem do bloco {height} de {chain} ({time}). Movimentos posteriores não estão incluídos.",
		noCase: "Esta página foi feita sem um caso. Com um caso, ela diz o que foi levado e quem pode bloquear.",
		deadline: "{date}: {what}.",
		dueWrite: "escreva para todos que podem bloquear o dinheiro; ele pode sair de lá a qualquer minuto",
		dueAsk: "pergunte a cada um deles o que fez, e anote a resposta",
		desk: "Denuncie a {name}: {where}.",
		police: "Denuncie à polícia do lugar onde você mora. Peça um papel com um número. Muitas empresas querem esse número.",
		trapText: [
			"Em breve, pessoas podem escrever para você e dizer que conseguem recuperar seu dinheiro. Elas pedem uma taxa, ou suas palavras secretas. Elas também são ladrões.",
			"Ninguém pode desfazer um pagamento. Nem por uma taxa. Nem invadindo um sistema. A polícia de verdade não pede taxa.",
			"Empresas e polícia não vão procurar você em um chat. Se alguém escrever assim, encerre a conversa. Ligue para eles em um número que você procurou por conta própria.",
		],
		topics: {
			stolen: {
				title: "Meu dinheiro foi roubado",
				first: "Mantenha a calma. Você ainda pode fazer muito. As primeiras horas são as que mais contam.",
				now: [
					"Não envie mais dinheiro. Nem mesmo um pequeno teste.",
					"Sobrou dinheiro na mesma carteira? Crie uma carteira nova em um aparelho limpo. Passe para lá o que sobrou.",
					"Anote a hora, o valor e o código longo de cada pagamento. Tire fotos das conversas e das páginas.",
					"Não apague nada. Não redefina ainda seu telefone nem seu computador.",
				],
				today: [
					"Vá à polícia. Leve suas anotações. Peça o número do boletim de ocorrência.",
					"Escreva agora para cada empresa que pode bloquear o dinheiro. Não espere pela polícia. Dê a elas o código do pagamento. Envie o número do boletim quando o tiver.",
					"Troque a senha do seu e-mail e de cada corretora que você usa. Ative a segunda etapa ao entrar na conta.",
				],
				later: [
					"Guarde todas as cartas e respostas em um só lugar.",
					"Conte a uma pessoa em quem você confia. Você não precisa passar por isso sem companhia.",
				],
				say: [
					"Diga o que aconteceu, quando, e de qual endereço para qual endereço.",
					"Diga: este dinheiro foi roubado de mim. Por favor, segurem o valor e guardem seus registros. A polícia tem minha denúncia.",
					"Se você não sabe alguma coisa, diga que não sabe.",
				],
				never: [
					"Nunca dê suas palavras secretas nem sua chave a ninguém. Quem ajuda não precisa delas.",
					"Nunca pague para recuperar dinheiro.",
					"Nunca escreva ao ladrão com ameaças, e nunca avise o que você sabe.",
				],
			},
			drained: {
				title: "Um site levou minhas moedas",
				first: "Você assinou alguma coisa, e as moedas sumiram. O site talvez ainda possa levar mais.",
				now: [
					"Feche o site. Não assine mais nada lá.",
					"Descubra como ele levou. Você digitou suas palavras secretas? Então tudo nesta carteira está em risco. Você só assinou? Então as moedas que você permitiu estão em risco.",
					"Você digitou as palavras: crie uma carteira nova em um aparelho limpo, e passe para lá tudo o que sobrou.",
					"Você só assinou: se puder, passe essas moedas para outro endereço seu. É o mais rápido. Depois coloque a permissão em zero, pela sua carteira ou em um site cujo nome você digita à mão. As duas coisas custam uma pequena taxa.",
					"O dinheiro que entra sai na hora? Então a sua conta inteira está em risco, como se eles tivessem as palavras.",
				],
				today: [
					"Procure outras permissões que você deu, e retire todas as que não precisa.",
					"Vá à polícia, e escreva para as empresas que podem bloquear o dinheiro.",
					"Denuncie o site a quem faz a sua carteira, para que outros sejam avisados.",
				],
				later: ["Use uma carteira para o dia a dia, com pouco dentro. Guarde as economias em outra que nunca assina em sites."],
				say: [
					"Diga qual era o site, o que você assinou, e quando.",
					"Diga: dei esta permissão porque me enganaram. Nunca quis entregar minhas moedas.",
				],
				never: [
					"Nunca assine uma segunda vez para recuperar as moedas. Nenhuma assinatura devolve moedas.",
					"Nunca envie moedas para uma carteira cujas palavras um ladrão tem, ou de onde tudo sai na hora, nem mesmo para taxas. Elas somem na hora.",
					"Nunca dê suas palavras secretas a quem diz que ajuda.",
				],
			},
			poisoned: {
				title: "Paguei ao endereço errado, que parecia o mesmo",
				first: "Alguém pôs um endereço falso na sua lista de pagamentos. Ele parecia um que você conhece. Você o copiou.",
				now: [
					"Não pague de novo para consertar. Pare e olhe.",
					"Compare cada letra do endereço certo com o que você pagou. Anote os dois.",
					"Anote o código e a hora do pagamento.",
				],
				today: [
					"Vá à polícia. Diga que o endereço falso foi feito para enganar você.",
					"Escreva para cada empresa que pode bloquear o dinheiro.",
					"Salve o endereço certo na agenda da sua carteira. De agora em diante, pague a partir dela.",
				],
				later: [
					"Nunca mais copie um endereço da sua lista de pagamentos.",
					"Para valores altos: envie um pouco primeiro, e pergunte por telefone à outra parte se chegou.",
				],
				say: [
					"Diga: este endereço foi feito para parecer um que eu pago. Me enganaram com ele.",
					"Mostre os dois endereços, um embaixo do outro.",
				],
				never: [
					"Nunca confie em um endereço pelas primeiras e últimas letras.",
					"Nunca pague de novo ao endereço falso, nem mesmo para pedir o dinheiro de volta.",
				],
			},
			permission: {
				title: "Alguém pode mover minhas moedas",
				first: "Um endereço tem a sua permissão para levar moedas, ou a sua conta deixa um programa agir por ela. Dá para acabar com isso.",
				now: [
					"Descubra o que você deu: uma permissão para uma moeda, uma para todas, ou a sua conta inteira.",
					"É para moedas? Se puder, passe primeiro essas moedas para outro endereço seu. Depois retire a permissão pela sua própria carteira. Colocar em zero custa uma pequena taxa.",
					"É a sua conta inteira (um sinal disso: o dinheiro que entra sai na hora)? Passe o que puder para uma carteira nova. Não envie mais nada para esta.",
				],
				today: [
					"Confira cada rede em que você usa este endereço. Cada uma tem a sua própria lista.",
					"Se você usa a Tron, veja quem pode assinar pela sua conta. Se não for só você, e você ainda puder assinar, desfaça a mudança. Se não puder, a conta está perdida: use uma nova.",
				],
				later: ["Dê permissão para o valor de que precisa, nunca para tudo.", "Confira suas permissões uma vez por mês."],
				say: ["Se levaram moedas: diga qual era a permissão e como você chegou a dar essa permissão."],
				never: [
					"Nunca assine o que não consegue ler. Se a sua carteira mostra só código, diga não.",
					"Nunca retire uma permissão em uma página que alguém enviou a você. Digite o nome à mão.",
				],
			},
			"recovery-scam": {
				title: "Alguém diz que consegue recuperar meu dinheiro",
				first: "O mais provável é que seja uma armadilha. Pessoas que já foram roubadas são roubadas de novo assim.",
				now: [
					"Não envie nada. Não assine nada. Não dê documentos nem códigos.",
					"Encerre a conversa. Você não deve resposta a eles.",
					"Você deixou que vissem ou controlassem a sua tela? Desconecte o aparelho da rede, e troque suas senhas em outro aparelho.",
					"Você pagou com cartão ou de uma conta de banco? Ligue agora para o seu banco, no número do seu cartão.",
				],
				today: [
					"Você pagou a eles? É um segundo roubo. Denuncie como tal.",
					"Guarde para a polícia as mensagens, nomes, números e endereços deles.",
					"Conte à sua família, para que ninguém pague por você.",
				],
				later: ["Outros podem ligar. Seu nome pode estar em uma lista que os ladrões vendem. Diga não a cada um."],
				say: ["Diga: não pago a ninguém para recuperar dinheiro. Depois desligue."],
				never: [
					"Nunca pague uma taxa, um imposto ou um depósito para sacar dinheiro.",
					"Nunca acredite em um papel, um distintivo ou um saldo em uma página. Tudo isso é fácil de falsificar.",
					"Nunca contrate alguém que procurou você.",
				],
			},
			impersonation: {
				title: "Alguém se passou por uma pessoa em quem confio",
				first: "Alguém disse que era seu banco, a polícia, uma corretora, um chefe ou alguém da sua família. Não era.",
				now: [
					"Desligue, ou feche o chat.",
					"Ligue para a pessoa ou empresa de verdade em um número que você procurou por conta própria. Não use o número que ligou para você.",
					"Você deu um código ou uma senha? Troque agora. Peça à empresa que bloqueie a conta.",
					"Você pagou com cartão ou de uma conta de banco? Ligue agora para o seu banco, no número do seu cartão.",
				],
				today: [
					"Você enviou dinheiro? Vá à polícia, e escreva para cada empresa que pode bloquear o valor.",
					"Avise a pessoa ou empresa por quem se passaram. Também vão ligar para outros.",
				],
				later: ["Combine uma palavra secreta com a sua família. Peça essa palavra quando uma ligação for sobre dinheiro."],
				say: ["Diga quem eles disseram que eram, em qual número ou conta, e o que pediram.", "Diga: enviei porque me enganaram."],
				never: [
					"Nunca passe moedas para um endereço “seguro”. Nenhum banco e nenhuma polícia tem um.",
					"Nunca leia um código em voz alta para alguém que ligou para você.",
					"Nunca se apresse porque uma voz manda. Os de verdade deixam você ligar de volta.",
				],
			},
		},
	},
	drill: {
		intro: "{count} mensagens. Metade delas está em ordem. Em cada uma: é armadilha (t), ou está em ordem (f)?",
		ask: "Armadilha (t) ou em ordem (f)? [t/f]",
		right: "Certo.",
		missed: "Passou: isto é uma armadilha.",
		alarm: "Alarme falso: esta está em ordem.",
		why: "Por quê: {why}",
		score: "Você encontrou {hits} de {traps} armadilhas, e chamou de armadilha {alarms} de {benign} mensagens em ordem.",
		next: "Próxima vez: {date}. O treino se esquece: faça de novo após 1, 7 e 30 dias.",
		due: "Está na hora: {channel} (última vez em {date}).",
		notDue: "Nada está na hora. Próximo: {channel}, {date}.",
		never: "Nenhum treino foi feito ainda.",
		channels: { wallet: "carteira", chat: "chat", mail: "e-mail", phone: "telefone", site: "página da web" },
		wallet: {
			payHistory: "Seus últimos pagamentos foram para {known}. Agora a sua carteira pergunta:",
			pay: "Enviar {amount} para {address}?",
			approve: "Uma página pergunta: deixar {address} gastar {what} do seu {token}?",
			all: "TUDO",
			traps: {
				lookalike: "o endereço não é o que você pagou: {known} e {address} só são iguais nas duas pontas. Alguém o fez para ser copiado.",
				unlimited:
					"ele pode levar tudo o que você tem desta moeda, agora e depois, e ninguém nunca usou este endereço. Nada do que você compra precisa disso.",
				permit:
					"esta assinatura não custa taxa, e deixa {address} levar todo o seu {token}. Um presente nunca precisa da sua permissão para levar algo.",
				delegate:
					"isto deixa um programa agir pela sua conta inteira. Uma página que pede isso pode levar tudo o que você tem, agora e depois.",
				allNfts: "isto deixa {address} levar cada imagem desta coleção que você tem. Para receber uma, ninguém precisa disso.",
				signer: "isto deixa a chave {address} assinar pela sua conta. Com ela, alguém pode deixar você de fora.",
			},
			fine: {
				same: "é, letra por letra, o endereço que você já pagou antes.",
				exact: "ele só pode levar o valor que você paga agora, e você já usou este contrato antes.",
				login: "é um texto para entrar na conta, ele diz o nome da página em que você está, e não move nada.",
				revoke: "coloca uma permissão em zero: tira permissão, e não dá nenhuma.",
				test: "um valor pequeno primeiro, para um endereço que um amigo leu para você por telefone, é o jeito seguro.",
				own: "os dois endereços são seus: é, letra por letra, o que está na sua agenda.",
			},
			scenes: {
				permit:
					"Uma página diz: “Você ganhou {amount} {token}. Assine para receber.” Sua carteira mostra: Permit, quem pode gastar {address}, valor TUDO, sem taxa.",
				delegate: "Uma página diz: “Mude para uma conta inteligente, de graça.” Sua carteira mostra: deixar {address} agir pela sua conta.",
				allNfts: "Uma página diz: “Receba sua imagem grátis.” Sua carteira mostra: setApprovalForAll, {address}, true.",
				signer:
					"Uma página diz: “Deixe sua conta segura.” Sua carteira mostra: mudar quem pode assinar; chave nova {address}, peso 1 de 1.",
				exact:
					"Você troca {amount} {token} no lugar onde sempre troca. Sua carteira mostra: deixar {address} gastar {amount} {token}. Você já o usou {times} vezes.",
				login:
					"Você abre sua página de sempre pelo favorito. Sua carteira mostra um texto: “Entrar em desk.example. Número {number}.” Ele não move nada.",
				revoke: "Você abre sua lista de permissões. Sua carteira mostra: deixar {address} gastar 0 {token}.",
				test: "Um amigo leu um endereço para você por telefone. Você comparou cada letra. Agora: enviar 1 {token} para {address}, como teste.",
				own: "Você passa economias para a sua segunda carteira. Sua agenda tem {address}. Sua carteira mostra: enviar {amount} para {address}.",
			},
		},
		chat: {
			traps: [
				[
					"“Suporte” escreve para você: “Sua carteira tem um erro. Digite aqui suas 12 palavras, e nós consertamos.”",
					"quem ajuda não precisa das suas palavras secretas. Quem tem as palavras tem as suas moedas.",
				],
				[
					"Alguém que você conheceu na internet há três semanas mostra grandes ganhos: “Comece com {amount} nesta página nova. Eu ajudo você.”",
					"um estranho que é gentil por semanas e depois mostra uma página para investir é uma armadilha conhecida. Os ganhos não são reais.",
				],
				[
					"O chefe de um grupo escreve: “Envie {amount} para {address}. Você recebe o dobro em uma hora.”",
					"ninguém devolve o dobro. É assim que um ladrão pega suas moedas em um só passo.",
				],
				[
					"“Trabalho fácil: você recebe {amount} na sua carteira, fica com 5 por cento, e envia o resto para {address}.”",
					"o dinheiro é roubado, e você o lavaria para o ladrão. A polícia virá até você.",
				],
			],
			fine: [
				[
					"Um amigo escreve: “Aqui está meu endereço: {address}. Me ligue antes de pagar, e eu leio para você.”",
					"o amigo quer que você confira por telefone, em um número que você conhece. Esse é o jeito seguro.",
				],
				[
					"O canal da sua corretora publica para todos: “Nunca escrevemos primeiro para você. Se alguém fizer isso, denuncie.”",
					"não pede nada, e não há link para abrir.",
				],
				[
					"Alguém do trabalho escreve: “A conta de maio está paga. O código longo é {hash}. Você pode consultar.”",
					"não pede nada. O código de um pagamento está aberto para todos verem.",
				],
				[
					"O atendimento responde ao pedido que você fez no aplicativo: “Nós olhamos. Seu pagamento espera mais 3 blocos. Você não precisa fazer nada.”",
					"você perguntou primeiro, no aplicativo, e eles não pedem nada.",
				],
			],
		},
		mail: {
			traps: [
				[
					"De: desk-support@safe-desk.example. “Sua conta será fechada hoje. Entre aqui: safe-desk.example/login” (Sua corretora é desk.example.)",
					"ele apressa você, e o nome não é o da sua corretora. Digite o nome verdadeiro à mão.",
				],
				[
					"Um vendedor que você conhece escreve: “Temos um endereço novo. Por favor, pague a conta de {amount} para {address}.”",
					"com um endereço novo por e-mail se roubam contas. Ligue para o vendedor no número que você já tinha.",
				],
				[
					"“Escritório de Resgate de Fundos: achamos seus {amount} roubados. Pague uma taxa de {fee}, e nós enviamos.”",
					"quem pede uma taxa para devolver dinheiro é um segundo ladrão.",
				],
				[
					"“Sua carteira física precisa de uma atualização. Digite suas 24 palavras no formulário, ou ela vai parar.”",
					"as palavras são digitadas só no próprio aparelho, e só quando você o configura. Nenhuma atualização precisa delas.",
				],
			],
			fine: [
				[
					"De: no-reply@desk.example. “Você sacou {amount} às {time}. Se não foi você, abra o aplicativo.” Você sacou mesmo.",
					"foi você quem fez isso há um minuto, e não há link.",
				],
				[
					"Um vendedor envia uma conta de {amount}. O endereço é {address}, o mesmo das últimas três contas, e você o comparou.",
					"é o endereço que você já pagou antes, e você o comparou inteiro.",
				],
				[
					"Da sua corretora: “Seus documentos de imposto do ano estão prontos. Abra o aplicativo para ver.”",
					"sem link, sem pressa, sem segredo: é você quem abre o aplicativo.",
				],
				[
					"Uma carta a todos os leitores: “Como conferir um endereço. Leia mais nas nossas páginas de ajuda.”",
					"não pede dinheiro, nem palavras, nem que você entre na conta.",
				],
			],
		},
		phone: {
			traps: [
				[
					"“Aqui é o seu banco. Suas moedas estão em perigo. Passe tudo para o nosso endereço seguro, agora, enquanto fico na linha.”",
					"nenhum banco tem um endereço seguro para moedas. A pressa é o truque.",
				],
				[
					"“Setor de segurança da sua corretora. Bloqueamos um pagamento. Leia para mim o código que você acabou de receber.”",
					"o código é a chave da sua conta. Ninguém que trabalha lá pede isso.",
				],
				[
					"“Eu ajudo você com o erro. Instale este aplicativo, para eu poder ver a sua tela.”",
					"quem vê a sua tela vê as suas chaves, e pode clicar por você.",
				],
				[
					"Uma voz como a do seu filho: “Sofri um acidente. Preciso de {amount} em moedas dentro de uma hora. Não conte a ninguém.”",
					"uma voz pode ser falsificada. Desligue, e ligue para o número dele.",
				],
			],
			fine: [
				[
					"Sua corretora liga na hora que você marcou. Eles explicam um formulário, e não pedem nenhum código e nenhuma palavra.",
					"você marcou, e eles não pedem nada secreto.",
				],
				[
					"“Aqui é a polícia. Seu caso tem o número {number}. Por favor, ligue de volta pelo número principal da delegacia.”",
					"eles deixam você ligar de volta para um número que você procura por conta própria.",
				],
				[
					"Você liga para um amigo no número que tem há anos. Ele lê um endereço: {address}. É, letra por letra, o que chegou por e-mail.",
					"foi você quem ligou, para um número que conhecia, e o endereço é o mesmo nos dois.",
				],
				[
					"Você liga para o seu banco no número que está no seu cartão. Eles perguntam: “Este pagamento de {amount} foi seu?” Não pedem nenhum código.",
					"foi você quem ligou, para o número do seu próprio cartão, e eles não pedem nada secreto. Se tivessem ligado para você, você desligaria e faria o mesmo.",
				],
			],
		},
		site: {
			traps: [
				[
					"Você procura sua corretora e clica no primeiro anúncio. A página é deskk.example. Ela pede que você entre na conta.",
					"há uma letra a mais. Ladrões também compram anúncios. Use seu favorito.",
				],
				[
					"Uma página faz contagem regressiva: “Receba {amount} {token} em 04:59. Conecte e assine.”",
					"um relógio apressa você, e a assinatura deixaria a página levar suas moedas.",
				],
				[
					"“Sua carteira precisa ser validada. Escolha sua carteira, depois digite suas palavras.”",
					"nenhuma carteira é validada por uma página. Quem tem as palavras tem as suas moedas.",
				],
				[
					"Seu lucro em uma página é de {amount}. “Para sacar, primeiro pague {fee} de imposto.”",
					"nunca se paga imposto a uma página para sacar dinheiro. O lucro não existe.",
				],
			],
			fine: [
				[
					"Você abre desk.example pelo seu favorito, e entra com a segunda etapa, como sempre.",
					"o nome certo, seu próprio favorito, e nada de novo é pedido.",
				],
				[
					"Você consulta um pagamento pelo código longo em um explorador. Ele mostra o pagamento, e não quer nada.",
					"olhar é seguro: nenhuma carteira é conectada, e nada é assinado.",
				],
				[
					"A página de troca que você usa pede para conectar. Sua carteira diz: ela verá o seu endereço. Ela não pede assinatura.",
					"ver o seu endereço não é levar nada. Ele já está aberto para todos.",
				],
				[
					"A lista de permissões da sua própria carteira oferece: “Retirar: {token}”. Ela coloca o valor em 0.",
					"tira permissão, e está na sua própria carteira.",
				],
			],
		},
	},
};
