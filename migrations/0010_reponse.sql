-- Instruments that a territory writes, and the answers that are kept: with consent, without
-- any name, until the person has them erased.  Nothing here says which agent asked.

CREATE TABLE instrument (
	id TEXT NOT NULL,               -- 'huit_gestes': the name in its file
	version TEXT NOT NULL,
	etat TEXT NOT NULL CHECK (etat IN ('brouillon', 'publie', 'retire')),
	-- 'brouillon': may still change; 'publie': never changes; 'retire': no more asked
	fichier TEXT NOT NULL,          -- the instrument, JSON (docs/instruments.md); of a draft, as last written
	empreinte TEXT NOT NULL,        -- SHA-256 of fichier, hexadecimal
	livre INTEGER NOT NULL DEFAULT 0 CHECK (livre IN (0, 1)), -- copied from the program when it was first answered
	structure_id TEXT REFERENCES structure (id), -- where it was written; null: by the program or the territory
	cree_le TEXT NOT NULL,
	maj_le TEXT NOT NULL,
	PRIMARY KEY (id, version)
) STRICT;

CREATE TABLE reponse (                  -- a questionnaire: written once, then only erased
	id TEXT NOT NULL PRIMARY KEY,   -- UUIDv7
	numero TEXT,                    -- SHA-256 of the number the person holds; null: nobody holds one.  Two
	-- questionnaires may share a number: the same person later, when they bring it
	instrument TEXT NOT NULL,
	version TEXT NOT NULL,
	structure_id TEXT REFERENCES structure (id), -- null: answered alone, without an agent
	commune TEXT NOT NULL DEFAULT '', -- INSEE code; '' when it was not said
	le TEXT NOT NULL,               -- day, in Paris; never the hour
	mode TEXT NOT NULL CHECK (mode IN ('ecran', 'papier', 'telephone', 'terrain', 'fichier')),
	provenance TEXT NOT NULL CHECK (provenance IN ('declare', 'observe', 'teste')),
	langue TEXT NOT NULL,           -- of the texts that were read: 'fr'
	moment TEXT NOT NULL DEFAULT '' CHECK (moment IN ('', 'avant', 'apres')), -- of a workshop
	groupe TEXT NOT NULL DEFAULT '', -- name of the workshop or of the survey's wave
	reponses TEXT NOT NULL,         -- JSON object: item to words (detect/instrument.h, reponses_write)
	profil TEXT NOT NULL DEFAULT '', -- as that version gave it; '' for an instrument without profiles
	FOREIGN KEY (instrument, version) REFERENCES instrument (id, version)
) STRICT;
CREATE INDEX reponse_numero ON reponse (numero);
CREATE INDEX reponse_instrument ON reponse (instrument, version, le);

CREATE TABLE reponse_compte (           -- of instruments that keep counts alone, asked by agents
	instrument TEXT NOT NULL,
	version TEXT NOT NULL,
	structure_id TEXT NOT NULL REFERENCES structure (id),
	commune TEXT NOT NULL,          -- '' when it was not said
	mois TEXT NOT NULL,             -- '2026-11'
	profil TEXT NOT NULL,
	mode TEXT NOT NULL,
	provenance TEXT NOT NULL,
	nombre INTEGER NOT NULL CHECK (nombre > 0),
	PRIMARY KEY (instrument, version, structure_id, commune, mois, profil, mode, provenance)
) STRICT;

CREATE TABLE parole (                   -- an answer in words, read again by a coordinator before anybody else
	id TEXT NOT NULL PRIMARY KEY,
	reponse_id TEXT NOT NULL REFERENCES reponse (id),
	item TEXT NOT NULL,             -- which question it answers
	texte TEXT NOT NULL,            -- as written; then as published, without what would name anybody
	theme TEXT NOT NULL DEFAULT '', -- slug of detect/parole.h; '' not read yet
	etat TEXT NOT NULL DEFAULT 'a_lire' CHECK (etat IN ('a_lire', 'publiee', 'ecartee')),
	lue_le TEXT,
	UNIQUE (reponse_id, item)
) STRICT;
CREATE INDEX parole_etat ON parole (etat, theme);
