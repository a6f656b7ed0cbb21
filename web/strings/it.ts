import type { Words } from './words.ts';

// The reader is a friend (tu), and may be a man or a woman: no sentence depends on which.

/** `yours` begins a sentence, `one` stands within; the participle takes the `ending`. */
const DEVICES = {
  microphone: { yours: 'Il tuo microfono', one: 'un microfono', ending: 'o' },
  camera: { yours: 'La tua videocamera', one: 'una videocamera', ending: 'a' },
  screen: { yours: 'Il tuo schermo', one: 'uno schermo', ending: 'o' },
  'screen-audio': { yours: 'L’audio del tuo schermo', one: 'l’audio dello schermo', ending: 'o' },
} as const;

const REPLACED = {
  microphone: 'Il microfono è stato scollegato.',
  camera: 'La videocamera è stata scollegata.',
  speaker: 'L’altoparlante è stato scollegato.',
} as const;

export const it: Words = {
  STRINGS: {
    product: 'Conclave',
    start: {
      title: 'Chiamate che restano tra voi',
      lead: 'Crea una chiamata, manda il link e parla.',
      create: 'Nuova chiamata',
      lobby: 'Chiedimi prima di far entrare qualcuno',
    },
    incompleteLink: {
      title: 'Questo link è incompleto',
      lead: 'Manca la parte dopo il #, e senza quella non si entra: fatti rimandare il link, oppure inizia tu una chiamata.',
    },
    waiting: {
      title: 'Tra poco qualcuno ti farà entrare',
      lead: 'Chi è nella chiamata vede che stai aspettando.',
      as: 'Ti vedono come',
      leave: 'Non aspettare più',
    },
    lobby: {
      title: 'Tutto pronto per entrare?',
      name: 'Il tuo nome',
      nameHint: 'Così ti vedranno gli altri',
      join: 'Entra',
      joining: 'Un attimo…',
      cameraOff: 'La videocamera è spenta',
      preview: 'La tua videocamera',
      level: 'Livello del microfono',
    },
    controls: {
      region: 'Comandi della chiamata',
      microphoneOn: 'Attiva il microfono',
      microphoneOff: 'Disattiva il microfono',
      cameraOn: 'Attiva la videocamera',
      cameraOff: 'Disattiva la videocamera',
      shareOn: 'Condividi lo schermo',
      shareOff: 'Interrompi la condivisione',
      invite: 'Invita qualcuno',
      inviteShort: 'Invita',
      handUp: 'Alza la mano',
      handDown: 'Abbassa la mano',
      react: 'Reagisci',
      reactions: 'Reazioni',
      chat: 'Chat',
      leave: 'Esci',
      more: 'Altro',
      keys: 'Tastiera',
    },
    call: {
      people: 'Persone nella chiamata',
      you: 'Tu',
      alone: 'Per ora ci sei solo tu',
      aloneLead: 'Manda il link d’invito per far entrare gli altri.',
      reconnecting: 'Connessione persa. Ti stiamo ricollegando…',
      reconnectingLead: 'Fino ad allora nessuno ti sente o ti vede.',
      sharing: 'Stai condividendo lo schermo.',
      talking: 'Ti sentono finché tieni premuta la barra spaziatrice.',
      tryAgain: 'Riprova',
      soundBlocked: 'Il browser sta bloccando l’audio.',
      playSound: 'Attiva l’audio',
      dismiss: 'Chiudi l’avviso',
      close: 'Chiudi',
      hand: 'Mano alzata',
      pages: 'Pagine delle persone',
      pageBack: 'Pagina precedente',
      pageOn: 'Pagina successiva',
    },
    stage: {
      grid: 'Griglia',
      speaker: 'Chi parla',
      pin: 'Tieni in grande',
      unpin: 'Non tenere più in grande',
    },
    invite: {
      title: 'Invita qualcuno',
      lead: 'Chi apre questo link è a due clic dalla chiamata.',
      link: 'Link d’invito',
      copy: 'Copia il link',
      copied: 'Link copiato',
      byHand: 'Il browser non permette a questa pagina di copiare. Seleziona il link e copialo a mano.',
      share: 'Invia…',
      scan: 'Oppure inquadralo con un telefono.',
      qr: 'Codice QR del link d’invito',
      holds:
        'Il link contiene la chiave di questa chiamata, nella parte dopo il #. Quella parte non arriva mai al server. Mandalo solo a chi può entrare.',
      holdsAsked:
        'Il link contiene la chiave di questa chiamata, nella parte dopo il #. Quella parte non arriva mai al server. Chi lo usa aspetta finché qualcuno qui lo fa entrare.',
    },
    settings: {
      title: 'Impostazioni',
      devices: 'Dispositivi',
      microphone: 'Microfono',
      camera: 'Videocamera',
      speaker: 'Altoparlante',
      standard: 'Quello del browser',
    },
    keys: {
      title: 'Tastiera',
      lead: 'Tasti singoli, quando non stai scrivendo.',
      microphone: 'Attiva o disattiva il microfono',
      talk: 'Parla finché lo tieni premuto, a microfono spento',
      camera: 'Attiva o disattiva la videocamera',
      hand: 'Alza o abbassa la mano',
      chat: 'Apri o chiudi la chat',
      people: 'Mostra le persone',
      view: 'Chi parla, o griglia',
      pages: 'Pagina precedente e successiva',
      close: 'Chiudi ciò che è aperto',
      help: 'Questi tasti',
      space: 'Spazio',
      pageUp: 'Pag ↑',
      pageDown: 'Pag ↓',
    },
    knocking: {
      region: 'Persone che vogliono entrare',
      wants: 'vuole entrare',
      nameless: 'Una persona senza nome',
      admit: 'Fai entrare',
      refuse: 'Rifiuta',
    },
    people: {
      title: 'Persone',
      talking: 'Nella chiamata',
      listening: 'In ascolto',
      moderator: 'può bloccare e rimuovere',
      speaking: 'sta parlando',
      muted: 'microfono spento',
      unmuted: 'microfono acceso',
      volume: 'Volume',
      askToMute: 'Chiedi di spegnere il microfono',
      remove: 'Rimuovi',
      removeWhy: 'Con questo dispositivo non potrà rientrare finché dura la chiamata. Tutti vedono che l’hai fatto tu.',
      keep: 'Annulla',
      lock: 'Blocca la chiamata',
      lockWhy: 'Non far entrare altre persone.',
      lockedWhy: 'Non può entrare nessun altro.',
      isLocked: 'Bloccata: non può entrare nessun altro.',
      allModerate: 'Qui tutti possono bloccare la chiamata e rimuovere qualcuno. Tutti vedono chi l’ha fatto.',
      someModerate: 'Solo alcuni possono bloccare la chiamata e rimuovere qualcuno. Tutti vedono chi l’ha fatto.',
      mute: 'Spegni il microfono',
      ignore: 'Ignora',
      tooOften: 'L’hai fatto un momento fa. Aspetta un po’.',
      failed: 'Non è andata. Riprova tra un momento.',
    },
    chat: {
      title: 'Chat',
      lead: 'La legge solo chi è nella chiamata, dal momento in cui entra.',
      empty: 'Ancora nessun messaggio.',
      messages: 'Messaggi',
      input: 'Il tuo messaggio',
      send: 'Invia il messaggio',
      you: 'Tu',
      halted: 'Non parte nulla finché la chiamata non torna sicura.',
    },
    security: {
      title: 'Sicurezza',
      people: 'Chi è nella chiamata',
      you: 'Tu',
      listens: 'ascolta',
      compare: 'Confronta il codice',
      which: 'Quale codice',
      emoji: 'Sei immagini',
      digits: '30 cifre',
      alone:
        'Quando ci sarà qualcun altro, potrete confrontare un codice e avere la certezza che nessuno si è messo in mezzo.',
      why: 'Basta confrontarlo una volta: da lì in poi questo dispositivo riconosce queste persone. Un codice diverso smaschera chi sta origliando.',
      make: 'Crea il codice',
      making: 'I dispositivi di tutti stanno creando il codice…',
      read: 'Chiedi a tutti di leggerle ad alta voce: devono essere le stesse, nello stesso ordine.',
      notIn: 'Fuori da questo codice:',
      again: 'Riprova',
      anew: 'Crea un nuovo codice',
      readDigits: 'Leggetevele a vicenda, o inquadrate il codice QR con un altro telefono: devono coincidere.',
      countDigits: 'Sto calcolando le cifre…',
      qr: 'Codice QR delle 30 cifre',
      same: 'È uguale',
      verified: 'Hai verificato tutti i presenti.',
      differs: 'Non è uguale? Allora qualcuno potrebbe essere in ascolto: esci e crea una nuova chiamata.',
    },
    quiet: {
      label: 'Togli i rumori di fondo',
      failed: 'Questo browser non riesce a togliere i rumori di fondo. Gli altri ti sentono così come sei.',
    },
    recording: {
      title: 'Registrazione',
      lead: 'Salva quello che vedi e senti in un file su questo dispositivo. Lo vengono a sapere tutti.',
      start: 'Registra la chiamata',
      asking: 'Dove la salviamo?',
      saving: 'Sto salvando…',
      stop: 'Ferma la registrazione',
      short: 'REC',
      elsewhere: 'Chiunque può registrare una chiamata anche con altri mezzi, e in quel caso nessuno viene avvisato.',
      over: 'Nessuno sta più registrando',
      problems: {
        unsupported: 'Questo browser non sa registrare le chiamate.',
        full: 'La registrazione si è fermata: senza accesso ai file questo browser ne tiene circa 50 minuti. È stata salvata.',
        failed: 'La registrazione si è fermata: non si riusciva più a scriverla.',
      },
    },
    halted: {
      leave: 'Esci',
      rejoin: 'Esci e rientra',
      who: 'Mostra chi',
    },
    otherDevice: {
      here: 'Sei in questa chiamata anche da un altro dispositivo.',
      move: 'Sposta qui la chiamata',
      keepBoth: 'Tieni entrambi',
    },
    left: {
      moved: 'Continua lì. Puoi riportarla qui quando vuoi.',
      movedTitle: 'Ora la chiamata è sull’altro tuo dispositivo',
      title: 'Hai lasciato la chiamata',
      ended: 'Non sei più nella chiamata',
      failed: 'Non siamo riusciti a farti entrare',
      again: 'Entra di nuovo',
      start: 'Pagina iniziale',
      unreachable: 'Per un minuto non siamo riusciti a raggiungere il server.',
      broken: 'Qualcosa è andato storto sul server.',
    },
  },

  TILE_MARKS: {
    speaking: 'sta parlando',
    muted: 'microfono spento',
    handRaised: 'mano alzata',
  },

  DOUBTS: {
    forked: 'vede un’altra chiamata',
    'changed-device': 'su un nuovo dispositivo',
    unconfirmed: 'senza conferma',
  },

  QUALITIES: { poor: 'connessione debole', lost: 'connessione persa' },

  TRUSTS: {
    verified: 'codice confrontato',
    new: 'codice da confrontare',
    'changed-device': 'su un nuovo dispositivo',
  },

  SECURITY_MARKS: {
    halted: { word: 'Bloccata', sentence: 'In questo momento non parte nulla di tuo.' },
    settling: {
      word: 'Scambio di chiavi…',
      sentence: 'Il tuo dispositivo sta ricevendo le chiavi di questa chiamata.',
    },
    'changed-device': {
      word: 'Nuovo dispositivo',
      sentence:
        'Una persona che conosci usa un nuovo dispositivo. Confrontate di nuovo il codice: potrebbe essere qualcun altro.',
    },
    unconfirmed: {
      word: 'Senza conferma',
      sentence: 'Da un po’ un dispositivo non conferma di essere in questa chiamata. Magari è solo in galleria.',
    },
    'most-unconfirmed': {
      word: 'Senza conferma',
      sentence:
        'Da un po’ quasi tutti i dispositivi non confermano di essere in questa chiamata. Forse è lenta la tua connessione.',
    },
    new: {
      word: 'Qualcuno di nuovo',
      sentence: 'È entrato qualcuno con cui non hai ancora confrontato il codice.',
    },
    verified: {
      word: 'Verificata',
      sentence: 'Cifrata da dispositivo a dispositivo, e hai confrontato il codice con tutti.',
    },
    encrypted: {
      word: 'Cifrata',
      sentence: 'Cifrata da dispositivo a dispositivo: il server non può né vederti né sentirti.',
    },
  },

  HALTS: {
    forked: 'Non tutti vedono la stessa chiamata. Finché non si chiarisce, non parte nulla di tuo.',
    'commit-refused':
      'Il server ha provato a far entrare qualcuno per cui nessuno qui può garantire. Non parte nulla di tuo.',
    unsealed: 'Il browser ha provato a trasmettere senza cifratura. Non parte più nulla di tuo.',
    broke: 'La cifratura ha smesso di funzionare su questo dispositivo. Non parte più nulla di tuo.',
  },

  abortNotice: (reason, names) => {
    const who = names.length > 0 ? names.join(', ') : 'Qualcuno';
    const has = names.length > 1 ? 'hanno' : 'ha';
    switch (reason) {
      case 'wrong-share':
      case 'second-commitment':
      case 'early-reveal':
      case 'foreign-close':
      case 'bad-close':
        return `${who} ${has} inviato qualcosa che non torna. Se succede di nuovo, non fidarti di questa chiamata.`;
      case 'left-out':
        return `${who} non ${has} fatto in tempo per il codice.`;
      case 'not-closed':
      case 'share-missing':
        return `${who} ${has} smesso di rispondere prima che il codice fosse pronto.`;
      case 'nobody-answered':
        return 'Nessun dispositivo ha risposto in tempo.';
      case 'overtaken':
      case 'given-up':
        return 'Due persone hanno avviato un codice nello stesso momento.';
      case 'epoch-changed':
        return 'Qualcuno è entrato o uscito prima che il codice fosse pronto.';
    }
  },

  REACTIONS: [
    { emoji: '👍', name: 'Pollice in su' },
    { emoji: '❤️', name: 'Cuore' },
    { emoji: '😂', name: 'Risata' },
    { emoji: '👏', name: 'Applauso' },
    { emoji: '🎉', name: 'Festa' },
    { emoji: '😮', name: 'Stupore' },
  ],

  handAnnouncement: (name) => `${name} ha alzato la mano`,

  unreadLabel: (count) => (count === 0 ? it.STRINGS.controls.chat : `${it.STRINGS.controls.chat}, ${count} da leggere`),

  recordingLabel([first = '', ...others]) {
    const [second] = others;
    if (second === undefined) return `${first} sta registrando`;
    return `${first} e ${others.length === 1 ? second : `altri ${others.length}`} stanno registrando`;
  },

  pageLabel: (page, count) => `Pagina ${page} di ${count}`,

  listenersLabel: (count) => `${count} in ascolto`,

  pinLabel: (name) => `Tieni in grande ${name}`,

  moreLabel: (name) => `Altro: ${name}`,

  lastedNotice: ({ hours, minutes }) => {
    if (hours + minutes === 0) return 'Per te la chiamata è durata meno di un minuto.';
    const parts = [
      hours > 0 && (hours === 1 ? 'un’ora' : `${hours} ore`),
      minutes > 0 && (minutes === 1 ? 'un minuto' : `${minutes} minuti`),
    ];
    return `Per te la chiamata è durata ${parts.filter(Boolean).join(' e ')}.`;
  },

  screenLabel: (name) => `${name}: schermo`,

  replacedNotice: (kind) => `${REPLACED[kind]} La chiamata continua con un altro dispositivo.`,

  deviceNotice: ({ source, problem }) => {
    const { yours, one, ending } = DEVICES[source];
    const within = yours.charAt(0).toLowerCase() + yours.slice(1);
    if (source === 'screen' && problem === 'refused') return undefined;
    switch (problem) {
      case 'refused':
        return `${yours} è bloccat${ending} per questa pagina. Puoi entrare lo stesso, oppure dare il permesso dalla barra degli indirizzi del browser.`;
      case 'missing':
        return `Non abbiamo trovato ${one}. La chiamata va avanti senza.`;
      case 'in-use':
        return `Un altro programma sta usando ${within}. La chiamata va avanti senza.`;
      case 'lost':
        return `${yours} si è scollegat${ending}. La chiamata va avanti senza.`;
      case 'insecure':
        return `I browser concedono a una pagina ${within} solo con https. La chiamata va avanti senza.`;
      case 'forbidden':
        return `Puoi ascoltare questa chiamata, ma non condividere ${within}.`;
      case 'failed':
        return `${yours} non si è avviat${ending}. La chiamata va avanti senza.`;
    }
  },

  REFUSALS: {
    removed: 'Ti hanno rimosso da questa chiamata.',
    'room-locked': 'Questa chiamata è bloccata: non può entrare nessun altro. Chiedi a chi è dentro di sbloccarla.',
    'room-full': 'Questa chiamata è al completo.',
    'server-full': 'Il server è al completo. Riprova tra poco.',
    'token-expired': 'Questo invito è scaduto.',
    unauthenticated: 'Questo server non ti ha fatto entrare.',
    'wrong-room': 'Questo invito è per un’altra chiamata.',
    replaced: 'Ora partecipi a questa chiamata da un’altra parte.',
    unavailable: 'Non riusciamo a raggiungere il server.',
    'rate-limited': 'Troppi tentativi. Aspetta un momento.',
    forbidden: 'Questo browser è troppo vecchio per le chiamate protette. Aggiornalo e riprova.',
  },

  NOT_ADMITTED: {
    'no-proof': 'Questo link è di un’altra chiamata. Fattelo mandare di nuovo.',
    invalid: 'Questo dispositivo non è riuscito a entrare. Ricarica la pagina e riprova.',
    waiting: 'Nessuno ti ha fatto entrare.',
    denied: 'Qualcuno nella chiamata ha preferito non farti entrare.',
    'cannot-enter': 'Questo dispositivo non è riuscito a entrare. Ricarica la pagina e riprova.',
  },

  MODERATION: {
    locked: (by) => `${by} ha bloccato la chiamata`,
    opened: (by) => `${by} ha sbloccato la chiamata`,
    removed: (by, name) => `${by} ha rimosso ${name} dalla chiamata`,
    youRemoved: (name) => `Hai rimosso ${name} dalla chiamata`,
    removedYou: (by) => `${by} ti ha rimosso da questa chiamata.`,
    asked: (name) => `Hai chiesto a ${name} di spegnere il microfono`,
    asksYou: (name) => `${name} ti chiede di spegnere il microfono`,
  },

  peopleLabel: (count, { locked }) => `${it.STRINGS.people.title}, ${count}${locked ? ', bloccata' : ''}`,

  personLabel: (name) => `Opzioni per ${name}`,

  volumeLabel: (name) => `Volume di ${name}`,
};
