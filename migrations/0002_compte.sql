-- Accounts: structures, the agents who work in them, what they log in with, and what was
-- done to an account.  Nothing here counts what an agent does (docs/posture.md).

CREATE TABLE structure (                -- employer or host: CCAS, association, France services, médiathèque
	id TEXT NOT NULL PRIMARY KEY,   -- UUIDv7
	nom TEXT NOT NULL,
	nom_cle TEXT NOT NULL,          -- folded name: search and order
	type TEXT NOT NULL,             -- slug of core/structure.h: 'ccas', 'france-services'
	siret TEXT UNIQUE,              -- 14 digits whose key is right; null when it has none yet
	rna TEXT UNIQUE,                -- 'W' and nine digits, of an association without SIRET
	commune TEXT,                   -- INSEE code
	adresse TEXT,
	telephone TEXT,                 -- E.164
	courriel TEXT,                  -- where its own place can be confirmed
	pouvoirs TEXT NOT NULL DEFAULT '', -- what it may do, slugs of core/structure.h joined by '|'
	etat TEXT NOT NULL DEFAULT 'active' CHECK (etat IN ('active', 'suspendue', 'fermee')),
	cree_le TEXT NOT NULL,
	maj_le TEXT NOT NULL
) STRICT;
CREATE INDEX structure_nom ON structure (nom_cle, id);

CREATE TABLE agent (                    -- anyone who works in a structure and logs in
	id TEXT NOT NULL PRIMARY KEY,
	prenom TEXT NOT NULL,
	nom TEXT NOT NULL,
	nom_cle TEXT NOT NULL,
	courriel TEXT UNIQUE,           -- lower case; null: this agent logs in with an identifiant
	identifiant TEXT NOT NULL UNIQUE, -- what is typed at login by who has no mail: 'amina.b'
	telephone TEXT,                 -- E.164; for a code at a lost factor, never shown to others
	langue TEXT NOT NULL DEFAULT 'fr',
	mot_de_passe TEXT,              -- Argon2id in its usual text form; null: logs in by mail or by a provider
	mot_de_passe_le TEXT,
	etat TEXT NOT NULL CHECK (etat IN ('invite', 'actif', 'suspendu', 'parti')),
	structure_id TEXT REFERENCES structure (id), -- where the last session worked
	cree_le TEXT NOT NULL,
	maj_le TEXT NOT NULL
) STRICT;
CREATE INDEX agent_nom ON agent (nom_cle, id);

CREATE TABLE agent_role (               -- what an agent may do, structure by structure
	agent_id TEXT NOT NULL REFERENCES agent (id),
	structure_id TEXT NOT NULL REFERENCES structure (id),
	role TEXT NOT NULL CHECK (role IN ('aidant', 'mediateur', 'accueil', 'referent', 'coordinateur', 'admin')),
	-- 'accueil': receives without signing (écrivain numérique, volunteer);
	-- 'coordinateur' and 'admin' act on the whole territory, whatever the structure
	depuis TEXT NOT NULL,
	donne_par TEXT,                 -- agent; null: the command line
	PRIMARY KEY (agent_id, structure_id, role)
) STRICT;
CREATE INDEX agent_role_structure ON agent_role (structure_id, agent_id);

CREATE TABLE carte (                    -- physical one-time-password cards, imported by serial number
	serie TEXT NOT NULL PRIMARY KEY,
	graine BLOB,                    -- seed sealed by the signer under the key 'graines'; null once retired
	pas INTEGER NOT NULL DEFAULT 60,        -- seconds, 30 or 60
	chiffres INTEGER NOT NULL DEFAULT 6,    -- 6 or 8
	algorithme TEXT NOT NULL DEFAULT 'sha1' CHECK (algorithme IN ('sha1', 'sha256', 'sha512')),
	etat TEXT NOT NULL DEFAULT 'libre' CHECK (etat IN ('libre', 'remise', 'perdue', 'retiree')),
	structure_id TEXT REFERENCES structure (id), -- which structure holds it; null: the territory's stock
	importee_le TEXT NOT NULL
) STRICT;

CREATE TABLE facteur (                  -- a second factor of an agent
	id TEXT NOT NULL PRIMARY KEY,
	agent_id TEXT NOT NULL REFERENCES agent (id),
	sorte TEXT NOT NULL CHECK (sorte IN ('application', 'carte', 'cle')), -- 'cle': WebAuthn
	nom TEXT NOT NULL,              -- how its agent calls it: 'mon téléphone'
	graine BLOB,                    -- application: sealed seed
	carte TEXT UNIQUE REFERENCES carte (serie),
	derive INTEGER NOT NULL DEFAULT 0,      -- drift learnt, in steps
	dernier_pas INTEGER NOT NULL DEFAULT 0, -- last step accepted: never again
	cle_id BLOB UNIQUE,             -- WebAuthn credential id
	cle_publique BLOB,              -- and its public key, as libfido2 takes it
	cle_algorithme INTEGER,         -- COSE algorithm: -7, -8, -257
	cle_compteur INTEGER,           -- signature counter
	essais INTEGER NOT NULL DEFAULT 0,      -- wrong codes in a row
	cree_le TEXT NOT NULL,
	vu_le TEXT                      -- last use, UTC
) STRICT;
CREATE INDEX facteur_agent ON facteur (agent_id);

CREATE TABLE code_secours (             -- printed recovery codes
	agent_id TEXT NOT NULL REFERENCES agent (id),
	empreinte TEXT NOT NULL,        -- tag of the code under the signer's key 'secours'
	cree_le TEXT NOT NULL,
	utilise_le TEXT,
	PRIMARY KEY (agent_id, empreinte)
) STRICT;

CREATE TABLE lien (                     -- a one-time link: the address holds a token, we its tag
	empreinte TEXT NOT NULL PRIMARY KEY,
	sorte TEXT NOT NULL CHECK (sorte IN ('premier', 'invitation', 'connexion', 'secours')),
	agent_id TEXT REFERENCES agent (id),
	navigateur TEXT,                -- tag of the browser that asked; null: any (an invitation)
	cree_par TEXT,                  -- agent; null: the command line or the agent
	cree_le TEXT NOT NULL,
	expire_le TEXT NOT NULL,
	utilise_le TEXT
) STRICT;
CREATE INDEX lien_agent ON lien (agent_id);

CREATE TABLE agent_session (            -- an open session: the cookie holds a token, we its tag
	id TEXT NOT NULL PRIMARY KEY,
	empreinte TEXT NOT NULL UNIQUE,
	agent_id TEXT NOT NULL REFERENCES agent (id),
	structure_id TEXT REFERENCES structure (id),    -- in which the agent works now
	preuves TEXT NOT NULL,          -- how it was opened: 'mot_de_passe+application', 'proconnect'
	appareil TEXT NOT NULL,         -- 'Firefox, Windows': from the browser's own words; no address
	cree_le TEXT NOT NULL,
	vu_le TEXT NOT NULL,            -- kept to the minute
	prouve_le TEXT NOT NULL,        -- last proof of identity: what is grave wants a recent one
	expire_le TEXT NOT NULL,        -- whatever happens
	ecran INTEGER NOT NULL DEFAULT 0 CHECK (ecran IN (0, 1)), -- 1: the cover screen is on
	fermee_le TEXT,
	fermee_par TEXT CHECK (fermee_par IN ('agent', 'autre_session', 'referent', 'inactivite', 'fin', 'compte'))
) STRICT;
CREATE INDEX agent_session_agent ON agent_session (agent_id, vu_le);

CREATE TABLE frein (                    -- wrong passwords and codes in a row: what must survive a restart
	cle TEXT NOT NULL PRIMARY KEY,  -- keyed number of an account, one that exists or not; never an address
	essais INTEGER NOT NULL,
	dernier_le TEXT NOT NULL,       -- rows of more than a day are forgotten
	jusque_le TEXT NOT NULL         -- nothing is looked at before
) STRICT;

CREATE TABLE identite (                 -- an identity of an outside provider, linked by its agent
	fournisseur TEXT NOT NULL,      -- issuer, exactly
	sujet TEXT NOT NULL,            -- sub
	agent_id TEXT NOT NULL REFERENCES agent (id),
	liee_le TEXT NOT NULL,
	vue_le TEXT,
	PRIMARY KEY (fournisseur, sujet)
) STRICT;
CREATE INDEX identite_agent ON identite (agent_id);

CREATE TABLE trace (                    -- security log: who did what to which account, when, from which session
	id TEXT NOT NULL PRIMARY KEY,   -- UUIDv7: the order of time
	le TEXT NOT NULL,
	action TEXT NOT NULL,           -- slug of core/trace.h
	agent_id TEXT,                  -- who; null: nobody yet, or the command line
	session_id TEXT,
	cible_id TEXT,                  -- agent whose account it is
	structure_id TEXT,              -- structure whose referents may read this line
	objet TEXT                      -- serial of a card, name of a factor, device: never a secret
) STRICT;
CREATE INDEX trace_structure ON trace (structure_id, id);
CREATE INDEX trace_cible ON trace (cible_id, id);
