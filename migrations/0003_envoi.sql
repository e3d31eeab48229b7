-- Messages that leave: SMS and mails in a durable queue, what became of them, and what
-- people answer.  A message is put in the transaction that makes it necessary.

CREATE TABLE envoi (                    -- one SMS or mail
	id TEXT NOT NULL PRIMARY KEY,   -- UUIDv7
	canal TEXT NOT NULL CHECK (canal IN ('sms', 'courriel')),
	genre TEXT NOT NULL,            -- slug of core/envoi_texte.h: 'connexion-code'
	cle TEXT UNIQUE,                -- what must leave once has the same key: 'rappel:<rdv>:veille'; never a name
	destinataire TEXT,              -- E.164 number or mail address; null once forgotten
	structure_id TEXT,              -- structure it is sent for; null: the territory
	langue TEXT NOT NULL DEFAULT 'fr',
	objet TEXT,                     -- of a mail; null once it has left or ended
	texte TEXT,                     -- null once it has left or ended: may hold a code or a link
	html TEXT,                      -- of a mail, beside its text; the same
	segments INTEGER NOT NULL DEFAULT 0,    -- parts that an SMS costs; 0 for a mail
	urgent INTEGER NOT NULL DEFAULT 0 CHECK (urgent IN (0, 1)), -- 1: asked just now by who receives it
	etat TEXT NOT NULL DEFAULT 'attente' CHECK (etat IN ('attente', 'en_cours', 'parti', 'remis',
		'non_remis', 'refuse', 'perime', 'annule')),
	motif TEXT,                     -- why, in words: never the text nor the recipient
	essais INTEGER NOT NULL DEFAULT 0,      -- times it was given to the gateway
	pas_avant TEXT NOT NULL,
	expire_le TEXT NOT NULL,        -- useless after that
	bail_le TEXT,                   -- 'en_cours': whoever has it is dead after that
	jeton TEXT NOT NULL,            -- proves that a receipt is about this message
	id_distant TEXT,                -- name that the gateway gave it
	jour TEXT,                      -- local day on which it left: YYYY-MM-DD
	cree_le TEXT NOT NULL,
	maj_le TEXT NOT NULL
) STRICT;
CREATE INDEX envoi_file ON envoi (canal, urgent, pas_avant, id) WHERE etat = 'attente';
CREATE INDEX envoi_fin ON envoi (expire_le) WHERE etat = 'attente';
CREATE INDEX envoi_bail ON envoi (bail_le) WHERE etat = 'en_cours';
CREATE INDEX envoi_destinataire ON envoi (destinataire, jour);
CREATE INDEX envoi_distant ON envoi (id_distant);
CREATE INDEX envoi_oubli ON envoi (maj_le) WHERE destinataire IS NOT NULL;

CREATE TABLE envoi_etat (               -- history of a message
	envoi_id TEXT NOT NULL REFERENCES envoi (id),
	rang INTEGER NOT NULL,          -- from 1
	etat TEXT NOT NULL,
	motif TEXT,
	le TEXT NOT NULL,
	PRIMARY KEY (envoi_id, rang)
) STRICT;

CREATE TABLE envoi_jour (               -- counts that stay when messages are forgotten
	jour TEXT NOT NULL,             -- local day, YYYY-MM-DD
	canal TEXT NOT NULL,
	genre TEXT NOT NULL,
	etat TEXT NOT NULL,             -- 'parti', 'remis', 'non_remis', 'refuse', 'perime', 'annule'
	nombre INTEGER NOT NULL,
	segments INTEGER NOT NULL,
	PRIMARY KEY (jour, canal, genre, etat)
) STRICT;

CREATE TABLE envoi_reponse (            -- SMS that people send back
	id TEXT NOT NULL PRIMARY KEY,   -- UUIDv7
	expediteur TEXT NOT NULL,       -- E.164
	texte TEXT NOT NULL,
	mot TEXT NOT NULL,              -- its first word, folded: 'oui', 'non', 'stop'
	envoi_id TEXT,                  -- last message that left for this number; null: none known
	id_distant TEXT UNIQUE,         -- name that the gateway gave it; null: none
	recu_le TEXT NOT NULL,
	lu_le TEXT                      -- when a module made something of it
) STRICT;
CREATE INDEX envoi_reponse_recu ON envoi_reponse (recu_le);
CREATE INDEX envoi_reponse_lire ON envoi_reponse (id) WHERE lu_le IS NULL;

CREATE TABLE envoi_stop (               -- numbers that answered STOP: only what they ask for themselves still leaves
	destinataire TEXT NOT NULL PRIMARY KEY,
	le TEXT NOT NULL
) STRICT;

CREATE TABLE envoi_retour (             -- calls of the gateway that were taken: none counts twice
	empreinte TEXT NOT NULL PRIMARY KEY,    -- SHA-256
	vu_le TEXT NOT NULL
) STRICT;
CREATE INDEX envoi_retour_vu ON envoi_retour (vu_le);
