-- People who are helped, what they allowed, what was done in their name.  The least that
-- serves: no e-mail, no address, no number of an administration, no reason for a refusal.

CREATE TABLE usager (                   -- a person who is helped
	id TEXT NOT NULL PRIMARY KEY,   -- UUIDv7
	structure_id TEXT NOT NULL REFERENCES structure (id), -- which opened it: nobody else finds it
	numero TEXT NOT NULL UNIQUE,    -- nine digits, the last one a check (Damm): on the card
	nom TEXT,                       -- as the person says it; null once erased
	naissance TEXT,                 -- '1954' or '1954-03-02', only when it was needed
	telephone TEXT,                 -- E.164, when the person wants messages; several people may share it
	telephone_sur INTEGER NOT NULL DEFAULT 0 CHECK (telephone_sur IN (0, 1)), -- asked: who else reads it?
	langue TEXT NOT NULL DEFAULT 'fr',
	garde TEXT NOT NULL DEFAULT 'papier' CHECK (garde IN ('espace', 'papier', 'aucun')),
	-- 'espace': a space of one's own; 'papier': all is at the structure; 'aucun': no paper is given either
	secret TEXT,                    -- tag of the six digits under the signer's key 'usagers'; null: none yet
	essais INTEGER NOT NULL DEFAULT 0,      -- wrong secrets or codes in a row; locked from 5 on
	cree_par TEXT NOT NULL REFERENCES agent (id),
	cree_le TEXT NOT NULL,
	maj_le TEXT NOT NULL,
	efface_le TEXT
) STRICT;
CREATE INDEX usager_telephone ON usager (telephone) WHERE telephone IS NOT NULL;
CREATE INDEX usager_structure ON usager (structure_id, id);

CREATE TABLE usager_code (              -- one-time codes printed on the card of today
	usager_id TEXT NOT NULL REFERENCES usager (id),
	rang INTEGER NOT NULL,          -- 1 to 10, as on the card
	empreinte TEXT NOT NULL,        -- tag under 'usagers'
	utilise_le TEXT,
	PRIMARY KEY (usager_id, rang)
) STRICT;

CREATE TABLE usager_acces (             -- a code sent to a telephone, ten minutes
	id TEXT NOT NULL PRIMARY KEY,   -- in the sealed cookie of who asked
	usager_id TEXT REFERENCES usager (id), -- null: nobody has that number, the page says the same
	empreinte TEXT NOT NULL,        -- tag of the code under 'usagers'
	essais INTEGER NOT NULL DEFAULT 0,
	expire_le TEXT NOT NULL,
	utilise_le TEXT
) STRICT;
CREATE INDEX usager_acces_expire ON usager_acces (expire_le);

CREATE TABLE usager_session (           -- an open space; the cookie holds a token, we its SHA-256
	empreinte TEXT NOT NULL PRIMARY KEY,
	usager_id TEXT NOT NULL REFERENCES usager (id),
	preuve TEXT NOT NULL CHECK (preuve IN ('secret', 'code', 'telephone', 'identite')),
	cree_le TEXT NOT NULL,
	expire_le TEXT NOT NULL,
	fermee_le TEXT
) STRICT;
CREATE INDEX usager_session_usager ON usager_session (usager_id);

CREATE TABLE usager_identite (          -- an identity of an outside provider (FranceConnect)
	fournisseur TEXT NOT NULL,      -- issuer, exactly
	sujet TEXT NOT NULL,            -- sub
	usager_id TEXT NOT NULL REFERENCES usager (id),
	liee_le TEXT NOT NULL,
	PRIMARY KEY (fournisseur, sujet)
) STRICT;
CREATE INDEX usager_identite_usager ON usager_identite (usager_id);

CREATE TABLE structure_limite (         -- what a structure allows in mandats; no row: the usual
	structure_id TEXT NOT NULL PRIMARY KEY REFERENCES structure (id),
	demarches TEXT NOT NULL,        -- slugs joined by '|'
	duree_max TEXT NOT NULL CHECK (duree_max IN ('SHORT', 'MONTH', 'SEMESTER', 'LONG')),
	proche INTEGER NOT NULL DEFAULT 0 CHECK (proche IN (0, 1)), -- 1: relatives and volunteers, without money
	dpo TEXT,                       -- mail of the data protection officer
	maj_le TEXT NOT NULL
) STRICT;

CREATE TABLE mandat (                   -- what a person allows a structure to do in their name
	id TEXT NOT NULL PRIMARY KEY,   -- UUIDv7
	usager_id TEXT NOT NULL REFERENCES usager (id),
	structure_id TEXT NOT NULL REFERENCES structure (id),
	sorte TEXT NOT NULL DEFAULT 'aidant' CHECK (sorte IN ('aidant', 'proche')),
	proche TEXT,                    -- relative or volunteer, as the person says it
	raison TEXT NOT NULL,           -- why in their place: slug of accompany/mandat.h
	duree TEXT NOT NULL CHECK (duree IN ('SHORT', 'MONTH', 'SEMESTER', 'LONG')),
	mode TEXT NOT NULL CHECK (mode IN ('ecran', 'papier', 'sms', 'voix')),
	protection TEXT NOT NULL DEFAULT 'aucune', -- slug of accompany/mandat.h
	protecteur TEXT,                -- who assists or represents, as the decision names them
	protecteur_le TEXT,             -- when they signed
	papier TEXT NOT NULL DEFAULT 'remis' CHECK (papier IN ('remis', 'structure', 'aucun')),
	etat TEXT NOT NULL CHECK (etat IN ('prepare', 'demande', 'actif', 'refuse', 'arrete', 'fini', 'abandonne')),
	renouvelle TEXT REFERENCES mandat (id), -- the one before
	cree_par TEXT NOT NULL REFERENCES agent (id),
	cree_le TEXT NOT NULL,
	signe_le TEXT,
	expire_le TEXT,                 -- midnight in Paris at the end of its last day, UTC
	arrete_le TEXT,
	arrete_par TEXT,                -- 'usager', or an agent
	rappel_le TEXT,                 -- the person was reminded of the end
	numero INTEGER,                 -- leaf of the journal that says it was signed
	attestation TEXT                -- SHA-256 of the attestation, the same as in the journal
) STRICT;
CREATE INDEX mandat_usager ON mandat (usager_id, id);
CREATE INDEX mandat_structure ON mandat (structure_id, etat, expire_le);
CREATE INDEX mandat_fin ON mandat (expire_le) WHERE etat = 'actif';

CREATE TABLE autorisation (             -- one démarche of a mandat, stopped alone
	mandat_id TEXT NOT NULL REFERENCES mandat (id),
	demarche TEXT NOT NULL,         -- slug of core/demarche.h
	arretee_le TEXT,
	arretee_par TEXT,               -- 'usager', an agent, or 'remplacee'
	PRIMARY KEY (mandat_id, demarche)
) STRICT;

CREATE TABLE mandat_agent (             -- who may act and read; named on the attestation
	mandat_id TEXT NOT NULL REFERENCES mandat (id),
	agent_id TEXT NOT NULL REFERENCES agent (id),
	depuis TEXT NOT NULL,
	PRIMARY KEY (mandat_id, agent_id)
) STRICT;
CREATE INDEX mandat_agent_agent ON mandat_agent (agent_id, mandat_id);

CREATE TABLE mandat_lecture (           -- another agent of the structure said why they read it
	mandat_id TEXT NOT NULL REFERENCES mandat (id),
	agent_id TEXT NOT NULL REFERENCES agent (id),
	raison TEXT NOT NULL,
	le TEXT NOT NULL,
	expire_le TEXT NOT NULL,        -- a day
	PRIMARY KEY (mandat_id, agent_id, le)
) STRICT;

CREATE TABLE consentement (             -- a question asked from afar
	id TEXT NOT NULL PRIMARY KEY,   -- UUIDv7
	mandat_id TEXT NOT NULL REFERENCES mandat (id),
	canal TEXT NOT NULL CHECK (canal IN ('sms', 'voix')),
	telephone TEXT,                 -- E.164; null once forgotten
	etat TEXT NOT NULL CHECK (etat IN ('attente', 'oui', 'non', 'silence', 'repris')),
	essais INTEGER NOT NULL DEFAULT 0,      -- answers that were neither yes nor no
	oui_le TEXT,                    -- the number said yes
	preuve_le TEXT,                 -- and the person proved who they are
	preuve TEXT,                    -- 'secret', 'code', 'presence', 'voix'
	agent_1 TEXT,                   -- of a call: who reads, who listens
	agent_2 TEXT,
	cree_le TEXT NOT NULL,
	expire_le TEXT NOT NULL
) STRICT;
CREATE INDEX consentement_telephone ON consentement (telephone) WHERE etat = 'attente';
CREATE INDEX consentement_mandat ON consentement (mandat_id, id);
CREATE INDEX consentement_fin ON consentement (expire_le) WHERE etat = 'attente';

CREATE TABLE acte (                     -- what was done in somebody's name
	id TEXT NOT NULL PRIMARY KEY,   -- UUIDv7; drawn by the page, so that it is written once
	mandat_id TEXT NOT NULL REFERENCES mandat (id),
	usager_id TEXT NOT NULL REFERENCES usager (id),
	agent_id TEXT NOT NULL REFERENCES agent (id),
	demarche TEXT NOT NULL,
	fait TEXT NOT NULL,             -- what was done
	resultat TEXT NOT NULL,         -- slug of accompany/acte.h
	reference TEXT,                 -- a number that the site gave for this request
	suite TEXT,                     -- the next step, and when
	documents TEXT,                 -- by name only
	raison TEXT,                    -- of an agent who is not named on the mandat
	le TEXT NOT NULL,
	numero INTEGER NOT NULL         -- its leaf of the journal
) STRICT;
CREATE INDEX acte_mandat ON acte (mandat_id, id);

CREATE TABLE histoire (                 -- what a person reads of what was done
	id TEXT NOT NULL PRIMARY KEY,   -- UUIDv7: the order of time
	usager_id TEXT NOT NULL REFERENCES usager (id),
	structure_id TEXT NOT NULL REFERENCES structure (id),
	agent_id TEXT,                  -- null: the person, or a job
	genre TEXT NOT NULL,            -- slug of accompany/histoire.h: 'avec', 'acte', 'mandat-signe'
	demarche TEXT,
	texte TEXT,
	objet TEXT,                     -- acte or mandat
	numero INTEGER,                 -- leaf of the journal; null: none was asked for
	masque INTEGER NOT NULL DEFAULT 0 CHECK (masque IN (0, 1)), -- 1: not shown nor printed, still at the structure
	le TEXT NOT NULL
) STRICT;
CREATE INDEX histoire_usager ON histoire (usager_id, id);

CREATE TABLE desaccord (                -- "je ne suis pas d'accord"
	id TEXT NOT NULL PRIMARY KEY,   -- UUIDv7
	usager_id TEXT NOT NULL REFERENCES usager (id),
	structure_id TEXT NOT NULL REFERENCES structure (id), -- whose referents answer
	histoire_id TEXT REFERENCES histoire (id), -- about this line; null: in general
	texte TEXT,                     -- may stay empty: no reason is asked
	etat TEXT NOT NULL CHECK (etat IN ('ouvert', 'dpo', 'repondu')),
	reponse TEXT,
	repondu_par TEXT,
	repondu_le TEXT,
	dpo_le TEXT,                    -- without an answer in 15 days
	le TEXT NOT NULL
) STRICT;
CREATE INDEX desaccord_structure ON desaccord (structure_id, etat, id);
CREATE INDEX desaccord_usager ON desaccord (usager_id, id);

CREATE TABLE transfert (                -- a mandat that goes to another structure: both sides say yes
	id TEXT NOT NULL PRIMARY KEY,   -- UUIDv7
	mandat_id TEXT NOT NULL REFERENCES mandat (id),
	vers TEXT NOT NULL REFERENCES structure (id),
	demande_par TEXT NOT NULL REFERENCES agent (id),
	accepte_par TEXT,               -- agent of the structure it goes to
	etat TEXT NOT NULL CHECK (etat IN ('demande', 'accepte', 'fait', 'refuse')),
	le TEXT NOT NULL
) STRICT;
CREATE INDEX transfert_vers ON transfert (vers, etat);

CREATE TABLE federation_client (        -- a federation that asks us who acts for whom
	id TEXT NOT NULL PRIMARY KEY,   -- client_id
	nom TEXT NOT NULL,
	secret TEXT NOT NULL,           -- tag of its secret under 'usagers'
	retours TEXT NOT NULL,          -- redirect_uri, exact, one a line
	strict INTEGER NOT NULL DEFAULT 0 CHECK (strict IN (0, 1)), -- 1: unknown parameters are refused
	algorithme TEXT NOT NULL DEFAULT 'RS256' CHECK (algorithme IN ('RS256', 'ES256')),
	sel TEXT NOT NULL,              -- sub of a person differs from one client to another
	cree_le TEXT NOT NULL
) STRICT;

CREATE TABLE federation_code (          -- a connection under way: a code of 30 s, then a token of 60 s
	empreinte TEXT NOT NULL PRIMARY KEY, -- SHA-256 of the code
	client_id TEXT NOT NULL REFERENCES federation_client (id),
	mandat_id TEXT NOT NULL REFERENCES mandat (id),
	demarche TEXT NOT NULL,
	agent_id TEXT NOT NULL REFERENCES agent (id),
	retour TEXT NOT NULL,
	nonce TEXT NOT NULL,
	defi TEXT,                      -- PKCE S256; null: none was asked
	portee TEXT NOT NULL,           -- scope
	expire_le TEXT NOT NULL,
	utilise_le TEXT,
	jeton TEXT UNIQUE,              -- SHA-256 of the access token, once exchanged
	jeton_expire_le TEXT,
	lu_le TEXT                      -- userinfo was read: the act is in the journal
) STRICT;
CREATE INDEX federation_code_expire ON federation_code (expire_le);
