import type { Messages } from "./en.js";

/** Spanish, polite form. */
export const es: Messages = {
	language: "Español",
	draft: "Esto es un borrador hecho por una máquina; ninguna persona de lengua española lo ha revisado todavía; vale el texto inglés.",
	guide: {
		now: "Haga esto ahora",
		today: "Haga esto hoy",
		later: "En los próximos días",
		say: "Qué decir",
		never: "Nunca haga esto",
		money: "Lo que sabe este caso",
		help: "Quién puede ayudar",
		next: "Su próxima fecha",
		trap: "Cuidado con un segundo robo",
		upTo: "hasta {amount}",
		taken: "Le quitaron: {amount}.",
		stop: "{amount} está en poder de {who}. Allí pueden detenerlo. Escríbales hoy: {channel}.",
		issuer: "{amount} está en una moneda que {who} puede congelar. Escríbales hoy: {channel}.",
		others: "Su propia página dice a personas como usted: {text}",
		noChannel: "aquí no se conoce ninguna forma de contactarlos; busque en su propio sitio",
		records: "{amount} fue a {who}. La policía puede preguntarles quién lo recibió.",
		held: "{amount} está en una dirección que nadie aquí puede detener. Puede moverse en cualquier momento.",
		unread: "Dónde está ahora {amount}, nadie lo ha mirado todavía.",
		frozen: "Congelado por quien hace la moneda: {amount}.",
		frozenUnknown: "Nadie ha preguntado todavía si hay una parte congelada.",
		asOf: "Esto viene del bloque {height} de {chain} ({time}). Los movimientos posteriores no están incluidos.",
		noCase: "Esta página se hizo sin un caso. Con un caso dice qué se llevaron y quién puede detenerlo.",
		deadline: "{date}: {what}.",
		dueWrite: "escriba a todos los que pueden detener el dinero; puede moverse en cualquier minuto",
		dueAsk: "pregunte a cada uno qué hizo, y anote la respuesta",
		desk: "Denúncielo ante {name}: {where}.",
		police: "Denúncielo a la policía del lugar donde vive. Pida un papel con un número. Muchas empresas quieren ese número.",
		trapText: [
			"Puede que pronto le escriban personas que dicen que pueden recuperar su dinero. Piden un pago, o sus palabras secretas. También son ladrones.",
			"Nadie puede deshacer un pago. Ni por una tarifa. Ni con un hackeo. La policía de verdad no pide ningún pago.",
			"Las empresas y la policía no van a buscarle en un chat. Si alguien le escribe así, corte. Llámeles a un número que busque usted.",
		],
		topics: {
			stolen: {
				title: "Me robaron mi dinero",
				first: "Mantenga la calma. Todavía puede hacer mucho. Las primeras horas son las que más cuentan.",
				now: [
					"No envíe más dinero. Ni siquiera una pequeña prueba.",
					"¿Queda dinero en la misma billetera? Cree una billetera nueva en un aparato limpio. Pase allí lo que queda.",
					"Anote la hora, la cantidad y el código largo de cada pago. Haga fotos de los chats y de las páginas.",
					"No borre nada. No restablezca todavía su teléfono ni su computadora.",
				],
				today: [
					"Vaya a la policía. Lleve sus notas. Pida el número de la denuncia.",
					"Escriba ahora a cada empresa que puede detener el dinero. No espere a la policía. Deles el código del pago. Envíe el número de la denuncia cuando lo tenga.",
					"Cambie la contraseña de su correo y de cada exchange que usa. Active el segundo paso al iniciar sesión.",
				],
				later: [
					"Guarde todas las cartas y respuestas en un solo lugar.",
					"Cuénteselo a una persona de confianza. No tiene que pasar por esto sin compañía.",
				],
				say: [
					"Diga qué pasó, cuándo, y de qué dirección a qué dirección.",
					"Diga: este dinero me lo robaron. Por favor, reténganlo y conserven sus registros. La policía tiene mi denuncia.",
					"Si no sabe algo, diga que no lo sabe.",
				],
				never: [
					"Nunca dé sus palabras secretas ni su clave a nadie. Nadie que ayude las necesita.",
					"Nunca pague para recuperar dinero.",
					"Nunca escriba al ladrón con amenazas, y nunca le avise de lo que usted sabe.",
				],
			},
			drained: {
				title: "Un sitio se llevó mis monedas",
				first: "Usted firmó algo, y las monedas se fueron. Puede que el sitio todavía pueda llevarse más.",
				now: [
					"Cierre el sitio. No firme nada más allí.",
					"Averigüe cómo se las llevó. ¿Escribió sus palabras secretas? Entonces todo lo que hay en esta billetera está en peligro. ¿Solo firmó? Entonces están en peligro las monedas que usted permitió.",
					"Escribió las palabras: cree una billetera nueva en un aparato limpio, y pase todo lo que queda.",
					"Solo firmó: si puede, pase esas monedas a otra dirección suya. Es lo más rápido. Después ponga el permiso en cero, desde su billetera o en un sitio cuyo nombre escriba usted a mano. Las dos cosas cuestan una pequeña comisión.",
					"¿El dinero que entra sale al instante? Entonces su cuenta entera está en peligro, como si tuvieran las palabras.",
				],
				today: [
					"Busque otros permisos que haya dado, y retire todos los que no necesita.",
					"Vaya a la policía, y escriba a las empresas que pueden detener el dinero.",
					"Informe del sitio a quien hace su billetera, para que se avise a otros.",
				],
				later: ["Use una billetera para lo de cada día, con poco dentro. Guarde los ahorros en otra que nunca firma en sitios."],
				say: ["Diga qué sitio era, qué firmó y cuándo.", "Diga: di este permiso porque me engañaron. Nunca quise regalar mis monedas."],
				never: [
					"Nunca firme una segunda vez para recuperar las monedas. Ninguna firma devuelve monedas.",
					"Nunca envíe monedas a una billetera cuyas palabras tiene un ladrón, o de la que todo sale al instante, ni siquiera para comisiones. Desaparecen al instante.",
					"Nunca dé sus palabras secretas a alguien que dice ayudarle.",
				],
			},
			poisoned: {
				title: "Pagué a la dirección equivocada, una que parecía la misma",
				first: "Alguien puso una dirección falsa en su lista de pagos. Se parecía a una que usted conoce. Usted la copió.",
				now: [
					"No pague otra vez para arreglarlo. Pare y mire.",
					"Compare cada letra de la dirección correcta con la que pagó. Anote las dos.",
					"Anote el código y la hora del pago.",
				],
				today: [
					"Vaya a la policía. Dígales que la dirección falsa se hizo para engañarle.",
					"Escriba a cada empresa que puede detener el dinero.",
					"Guarde la dirección correcta en la libreta de direcciones de su billetera. Desde ahora pague desde allí.",
				],
				later: [
					"Nunca vuelva a copiar una dirección de su lista de pagos.",
					"Para sumas grandes: envíe primero un poco, y pregunte por teléfono a la otra parte si llegó.",
				],
				say: [
					"Diga: esta dirección se hizo para parecerse a una que yo pago. Me engañaron con ella.",
					"Muestre las dos direcciones, una debajo de la otra.",
				],
				never: [
					"Nunca se fíe de una dirección por sus primeras y últimas letras.",
					"Nunca pague otra vez a la dirección falsa, ni siquiera para pedir que le devuelvan el dinero.",
				],
			},
			permission: {
				title: "Alguien puede mover mis monedas",
				first:
					"Una dirección tiene su permiso para llevarse monedas, o su cuenta deja que un programa actúe por ella. A eso se le puede poner fin.",
				now: [
					"Averigüe qué dio: un permiso para una moneda, uno para todas, o su cuenta entera.",
					"¿Es para monedas? Si puede, pase primero esas monedas a otra dirección suya. Después retírelo desde su propia billetera. Ponerlo en cero cuesta una pequeña comisión.",
					"¿Es su cuenta entera (una señal: el dinero que entra sale al instante)? Pase lo que pueda a una billetera nueva. No envíe nada más a esta.",
				],
				today: [
					"Revise cada cadena en la que usa esta dirección. Cada una tiene su propia lista.",
					"Si usa Tron, mire quién puede firmar por su cuenta. Si no es solo usted, y usted todavía puede firmar, cámbielo de vuelta. Si no puede, la cuenta está perdida: use una nueva.",
				],
				later: ["Dé un permiso por la cantidad que necesita, nunca por todo.", "Revise sus permisos una vez al mes."],
				say: ["Si se llevaron monedas: diga qué permiso era y cómo llegó a darlo."],
				never: [
					"Nunca firme lo que no puede leer. Si su billetera solo muestra código, diga que no.",
					"Nunca retire un permiso en una página que alguien le envió. Escriba el nombre a mano.",
				],
			},
			"recovery-scam": {
				title: "Alguien dice que puede recuperar mi dinero",
				first: "Lo más probable es que sea una trampa. A las personas que ya sufrieron un robo les vuelven a robar así.",
				now: [
					"No envíe nada. No firme nada. No dé documentos ni códigos.",
					"Termine la conversación. No les debe ninguna respuesta.",
					"¿Les dejó ver o manejar su pantalla? Desconecte el aparato de la red, y cambie sus contraseñas desde otro.",
					"¿Pagó con tarjeta o desde una cuenta de banco? Llame ahora a su banco, al número de su tarjeta.",
				],
				today: [
					"¿Les pagó? Es un segundo robo. Denúncielo como tal.",
					"Guarde para la policía sus mensajes, nombres, números y direcciones.",
					"Avise a su familia, para que nadie pague por usted.",
				],
				later: ["Puede que llamen más. Su nombre puede estar en una lista que venden los ladrones. Diga que no a cada uno."],
				say: ["Diga: no pago a nadie para recuperar dinero. Luego cuelgue."],
				never: [
					"Nunca pague una tarifa, un impuesto o un depósito para sacar dinero.",
					"Nunca crea en un papel, una placa o un saldo en una página. Todo eso es fácil de falsificar.",
					"Nunca contrate a alguien que le buscó a usted.",
				],
			},
			impersonation: {
				title: "Alguien se hizo pasar por una persona de mi confianza",
				first: "Alguien dijo que era su banco, la policía, un exchange, un jefe o alguien de su familia. No lo era.",
				now: [
					"Cuelgue, o cierre el chat.",
					"Llame a la persona o empresa de verdad a un número que busque usted. No use el número que le llamó.",
					"¿Dio un código o una contraseña? Cámbiela ahora. Diga a la empresa que bloquee la cuenta.",
					"¿Pagó con tarjeta o desde una cuenta de banco? Llame ahora a su banco, al número de su tarjeta.",
				],
				today: [
					"¿Envió dinero? Vaya a la policía, y escriba a cada empresa que puede detenerlo.",
					"Avise a la persona o empresa por la que se hicieron pasar. También llamarán a otros.",
				],
				later: ["Acuerde una palabra secreta con su familia. Pídala cuando una llamada trate de dinero."],
				say: ["Diga quién dijeron que eran, en qué número o cuenta, y qué pidieron.", "Diga: lo envié porque me engañaron."],
				never: [
					"Nunca pase monedas a una dirección «segura». Ningún banco y ninguna policía tiene una.",
					"Nunca lea un código en voz alta a alguien que le llamó.",
					"Nunca se apure porque una voz lo diga. Los de verdad le dejan devolver la llamada.",
				],
			},
		},
	},
	drill: {
		intro: "{count} mensajes. La mitad está bien. En cada uno: ¿es una trampa (t) o está bien (f)?",
		ask: "¿Trampa (t) o está bien (f)? [t/f]",
		right: "Correcto.",
		missed: "No la vio: esto es una trampa.",
		alarm: "Falsa alarma: este está bien.",
		why: "Por qué: {why}",
		score: "Encontró {hits} de {traps} trampas, y llamó trampa a {alarms} de {benign} mensajes que estaban bien.",
		next: "Próxima vez: {date}. Lo aprendido se olvida: repítalo tras 1, 7 y 30 días.",
		due: "Toca: {channel} (última vez {date}).",
		notDue: "No toca nada. Lo próximo: {channel}, {date}.",
		never: "Todavía no se ha hecho ningún ejercicio.",
		channels: { wallet: "billetera", chat: "chat", mail: "correo", phone: "teléfono", site: "página web" },
		wallet: {
			payHistory: "Sus últimos pagos fueron a {known}. Ahora su billetera pregunta:",
			pay: "¿Enviar {amount} a {address}?",
			approve: "Una página pregunta: ¿deja que {address} gaste {what} de su {token}?",
			all: "TODO",
			traps: {
				lookalike:
					"la dirección no es la que usted pagó: {known} y {address} solo son iguales en los dos extremos. Alguien la hizo para que la copien.",
				unlimited:
					"puede llevarse todo lo que tiene de esta moneda, ahora y después, y nadie ha usado nunca esta dirección. Nada de lo que compra necesita eso.",
				permit:
					"esta firma no cuesta comisión, y deja que {address} se lleve todo su {token}. Un regalo nunca necesita su permiso para llevarse algo.",
				delegate:
					"esto deja que un programa actúe por su cuenta entera. Una página que lo pide puede llevarse todo lo que tiene, ahora y después.",
				allNfts: "esto deja que {address} se lleve cada imagen de esta colección que usted tiene. Para recibir una, nadie necesita eso.",
				signer: "esto deja que la clave {address} firme por su cuenta. Con ella alguien puede dejarle fuera.",
			},
			fine: {
				same: "es, letra por letra, la dirección que usted pagó antes.",
				exact: "solo puede llevarse la cantidad que paga ahora, y usted ya ha usado este contrato antes.",
				login: "es un texto para iniciar sesión, nombra la página en la que está, y no mueve nada.",
				revoke: "pone un permiso en cero: quita permiso, y no da ninguno.",
				test: "una cantidad pequeña primero, a una dirección que un amigo le leyó por teléfono, es la forma segura.",
				own: "las dos direcciones son suyas: es, letra por letra, la de su libreta de direcciones.",
			},
			scenes: {
				permit:
					"Una página dice: «Ganó {amount} {token}. Firme para cobrar». Su billetera muestra: Permit, quién puede gastar {address}, valor TODO, sin comisión.",
				delegate:
					"Una página dice: «Pase a una cuenta inteligente, gratis». Su billetera muestra: dejar que {address} actúe por su cuenta.",
				allNfts: "Una página dice: «Reciba su imagen gratis». Su billetera muestra: setApprovalForAll, {address}, true.",
				signer:
					"Una página dice: «Haga segura su cuenta». Su billetera muestra: cambiar quién puede firmar; clave nueva {address}, peso 1 de 1.",
				exact:
					"Cambia {amount} {token} en el lugar donde siempre lo hace. Su billetera muestra: dejar que {address} gaste {amount} {token}. Lo ha usado {times} veces.",
				login:
					"Abre su página de siempre con su marcador. Su billetera muestra un texto: «Inicie sesión en desk.example. Número {number}». No mueve nada.",
				revoke: "Abre su lista de permisos. Su billetera muestra: dejar que {address} gaste 0 {token}.",
				test: "Un amigo le leyó una dirección por teléfono. Usted comparó cada letra. Ahora: enviar 1 {token} a {address}, como prueba.",
				own: "Pasa ahorros a su segunda billetera. Su libreta de direcciones tiene {address}. Su billetera muestra: enviar {amount} a {address}.",
			},
		},
		chat: {
			traps: [
				[
					"«Soporte» le escribe: «Su billetera tiene un error. Escriba aquí sus 12 palabras, y lo arreglaremos».",
					"nadie que ayude necesita sus palabras secretas. Quien las tiene, tiene sus monedas.",
				],
				[
					"Alguien que conoció en internet hace tres semanas le muestra grandes ganancias: «Empiece con {amount} en esta página nueva. Yo le ayudo».",
					"un desconocido que es amable durante semanas y luego muestra una página para invertir es una trampa conocida. Las ganancias no son reales.",
				],
				[
					"El jefe de un grupo escribe: «Envíe {amount} a {address}. En una hora le devolvemos el doble».",
					"nadie devuelve el doble. Así un ladrón consigue sus monedas en un solo paso.",
				],
				[
					"«Trabajo fácil: recibe {amount} en su billetera, se queda el 5 por ciento, y envía el resto a {address}».",
					"el dinero es robado, y usted lo blanquearía para el ladrón. La policía vendrá a usted.",
				],
			],
			fine: [
				[
					"Un amigo escribe: «Aquí está mi dirección: {address}. Llámeme antes de pagar, y se la leo».",
					"el amigo quiere que usted lo compruebe por teléfono, en un número que conoce. Esa es la forma segura.",
				],
				[
					"El canal de su exchange publica para todos: «Nunca le escribimos primero. Si alguien lo hace, denúncielo».",
					"no pide nada, y no hay ningún enlace que abrir.",
				],
				[
					"Alguien del trabajo escribe: «La factura de mayo está pagada. El código largo es {hash}. Puede buscarlo».",
					"no pide nada. El código de un pago está a la vista de todos.",
				],
				[
					"El servicio de ayuda contesta la pregunta que usted hizo en la aplicación: «Lo miramos. Su pago espera 3 bloques más. No tiene que hacer nada».",
					"usted preguntó primero, en la aplicación, y no piden nada.",
				],
			],
		},
		mail: {
			traps: [
				[
					"De: desk-support@safe-desk.example. «Su cuenta se cerrará hoy. Inicie sesión aquí: safe-desk.example/login» (Su exchange es desk.example).",
					"le mete prisa, y su nombre no es el de su exchange. Escriba a mano el nombre verdadero.",
				],
				[
					"Un vendedor que conoce escribe: «Tenemos una dirección nueva. Por favor, pague la factura de {amount} a {address}».",
					"con una dirección nueva por correo se roban facturas. Llame al vendedor al número que usted ya tenía.",
				],
				[
					"«Oficina de Rescate de Fondos: encontramos sus {amount} robados. Pague una tarifa de {fee}, y se los enviamos».",
					"quien pide un pago para devolver dinero es un segundo ladrón.",
				],
				[
					"«Su billetera física necesita una actualización. Escriba sus 24 palabras en el formulario, o dejará de funcionar».",
					"las palabras se escriben solo en el propio aparato, y solo cuando usted lo configura. Ninguna actualización las necesita.",
				],
			],
			fine: [
				[
					"De: no-reply@desk.example. «Retiró {amount} a las {time}. Si no fue usted, abra la aplicación». Usted sí lo retiró.",
					"lo hizo usted hace un minuto, y no hay ningún enlace.",
				],
				[
					"Un vendedor envía una factura de {amount}. La dirección es {address}, la misma de las tres últimas facturas, y usted la comparó.",
					"es la dirección que ha pagado antes, y la comparó entera.",
				],
				[
					"De su exchange: «Sus documentos de impuestos del año ya están. Abra la aplicación para verlos».",
					"sin enlace, sin prisa, sin secretos: es usted quien abre la aplicación.",
				],
				[
					"Una carta a todos los lectores: «Cómo comprobar una dirección. Lea más en nuestras páginas de ayuda».",
					"no pide dinero, ni palabras, ni iniciar sesión.",
				],
			],
		},
		phone: {
			traps: [
				[
					"«Le llama su banco. Sus monedas están en peligro. Páselas a nuestra dirección segura, ahora, mientras sigo en la línea».",
					"ningún banco tiene una dirección segura para monedas. La prisa es el truco.",
				],
				[
					"«Departamento de seguridad de su exchange. Detuvimos un pago. Léame el código que acaba de recibir».",
					"el código es la llave de su cuenta. Nadie que trabaje allí lo pide.",
				],
				[
					"«Le ayudo con el error. Instale esta aplicación, para que yo pueda ver su pantalla».",
					"quien ve su pantalla ve sus claves, y puede hacer clic por usted.",
				],
				[
					"Una voz como la de su hijo: «Tuve un accidente. Necesito {amount} en monedas en una hora. No se lo digas a nadie».",
					"una voz se puede falsificar. Cuelgue, y llámele a su propio número.",
				],
			],
			fine: [
				[
					"Su exchange llama a la hora que usted reservó. Explican un formulario, y no piden ningún código ni ninguna palabra.",
					"usted lo reservó, y no piden nada secreto.",
				],
				[
					"«Le habla la policía. Su caso tiene el número {number}. Por favor, devuelva la llamada por el número principal de la comisaría».",
					"le dejan devolver la llamada a un número que usted mismo busca.",
				],
				[
					"Usted llama a un amigo al número que tiene desde hace años. Él le lee una dirección: {address}. Es, letra por letra, la que llegó por correo.",
					"llamó usted, a un número que conocía, y la dirección es la misma en los dos.",
				],
				[
					"Usted llama a su banco al número que está en su tarjeta. Preguntan: «¿Era suyo este pago de {amount}?». No piden ningún código.",
					"llamó usted, al número de su propia tarjeta, y no piden nada secreto. Si le hubieran llamado, usted colgaría y haría lo mismo.",
				],
			],
		},
		site: {
			traps: [
				[
					"Busca su exchange y hace clic en el primer anuncio. La página es deskk.example. Le pide que inicie sesión.",
					"sobra una letra. Los ladrones también compran anuncios. Use su marcador.",
				],
				[
					"Una página cuenta hacia atrás: «Reciba {amount} {token} en 04:59. Conecte y firme».",
					"un reloj le mete prisa, y la firma dejaría que se lleve sus monedas.",
				],
				[
					"«Su billetera debe ser validada. Elija su billetera, y luego escriba sus palabras».",
					"ninguna página valida una billetera. Quien tiene las palabras, tiene sus monedas.",
				],
				[
					"Su ganancia en una página es de {amount}. «Para sacarla, pague primero {fee} de impuesto».",
					"nunca se pagan impuestos a una página para sacar dinero. La ganancia no existe.",
				],
			],
			fine: [
				[
					"Abre desk.example con su marcador, e inicia sesión con su segundo paso, como siempre.",
					"el nombre correcto, su propio marcador, y no se pide nada nuevo.",
				],
				[
					"Busca un pago por su código largo en un explorador. Muestra el pago, y no quiere nada.",
					"mirar es seguro: no se conecta ninguna billetera, y no se firma nada.",
				],
				[
					"La página de cambio que usa pide conectarse. Su billetera dice: verá su dirección. No pide ninguna firma.",
					"ver su dirección no es llevarse nada. De todos modos está a la vista de todos.",
				],
				[
					"La propia lista de permisos de su billetera ofrece: «Retirar: {token}». Pone la cantidad en 0.",
					"quita permiso, y está en su propia billetera.",
				],
			],
		},
	},
};
