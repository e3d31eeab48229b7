-- One record per real place: what each source says of it, who was found to be the same, what
-- the place itself or anybody says since.

ALTER TABLE lieu_source ADD COLUMN valeurs TEXT;
-- what the source says, cleaned: JSON (orient/lieu_parole.h).  Null: it is the only one to
-- speak of its place, and `lieu` holds it
ALTER TABLE lieu_source ADD COLUMN lieu_origine TEXT;
-- the place that it had before it was merged; null: that of today
ALTER TABLE lieu_source ADD COLUMN absent_depuis TEXT;
-- day when a whole list of the source no longer had it; null: it is there
ALTER TABLE lieu_source ADD COLUMN rapproche_le TEXT;
-- when it was compared with the others; null: new or changed since

ALTER TABLE lieu ADD COLUMN absent_depuis TEXT;
-- day since when no source lists it any more; null: one does
ALTER TABLE lieu ADD COLUMN confirme_le TEXT;
-- day when somebody who knows said that all is right; null: never, date_maj alone counts
ALTER TABLE lieu ADD COLUMN alerte TEXT CHECK (alerte IN ('ferme', 'horaires', 'demenage'));
-- what several persons report; null: nothing
ALTER TABLE lieu ADD COLUMN alerte_le TEXT;     -- day of the last of these reports

CREATE TABLE rapprochement (            -- two rows of sources that may be one place
	source_a TEXT NOT NULL REFERENCES source (id),  -- (source_a, id_a) < (source_b, id_b)
	id_a TEXT NOT NULL,
	source_b TEXT NOT NULL REFERENCES source (id),
	id_b TEXT NOT NULL,
	score REAL NOT NULL,            -- 0 to 1 when it was last computed
	raisons TEXT NOT NULL,          -- measures that counted, slugs separated by '|'
	etat TEXT NOT NULL CHECK (etat IN ('attente', 'plus_tard', 'meme', 'different', 'sur')),
	-- 'meme' and 'different': a person's word, never asked again; 'sur': merged by itself
	vu_le TEXT NOT NULL,            -- when it was first found
	decide_le TEXT,
	agent_id TEXT REFERENCES agent (id),    -- who decided
	PRIMARY KEY (source_a, id_a, source_b, id_b)
) STRICT;
CREATE INDEX rapprochement_b ON rapprochement (source_b, id_b);
CREATE INDEX rapprochement_etat ON rapprochement (etat, score);

CREATE TABLE lieu_changement (          -- history of what people changed in a place
	id TEXT NOT NULL PRIMARY KEY,   -- UUIDv7
	lieu_id TEXT NOT NULL REFERENCES lieu (id),
	champ TEXT NOT NULL,            -- field of the schema; 'confirme', 'fusion', 'separation'
	avant TEXT,                     -- null: nothing
	apres TEXT,
	le TEXT NOT NULL,
	par TEXT NOT NULL CHECK (par IN ('lieu', 'coordination')),
	agent_id TEXT REFERENCES agent (id),    -- of the coordination, or who gave the code
	annule_le TEXT,
	annule_par TEXT REFERENCES agent (id)
) STRICT;
CREATE INDEX lieu_changement_lieu ON lieu_changement (lieu_id, le);

CREATE TABLE lieu_acces (               -- a link or a code that lets a place correct itself
	id TEXT NOT NULL PRIMARY KEY,   -- UUIDv7
	lieu_id TEXT NOT NULL REFERENCES lieu (id),
	empreinte TEXT NOT NULL UNIQUE, -- SHA-256 of the token of the link, or of lieu and code
	moyen TEXT NOT NULL CHECK (moyen IN ('sms', 'courriel', 'code')),
	cree_le TEXT NOT NULL,
	expire_le TEXT NOT NULL,
	fini_le TEXT,                   -- a correction was sent with it, or it was taken back
	agent_id TEXT REFERENCES agent (id)     -- who sent or gave it
) STRICT;
CREATE INDEX lieu_acces_lieu ON lieu_acces (lieu_id);

CREATE TABLE lieu_signalement (         -- what anybody reports; nothing is kept of who did
	id TEXT NOT NULL PRIMARY KEY,   -- UUIDv7
	lieu_id TEXT NOT NULL REFERENCES lieu (id),
	sorte TEXT NOT NULL CHECK (sorte IN ('ferme', 'horaires', 'demenage', 'autre')),
	texte TEXT,
	nombre INTEGER NOT NULL CHECK (nombre > 0),     -- the same from several persons
	jour TEXT NOT NULL,             -- day of the last one
	etat TEXT NOT NULL CHECK (etat IN ('attente', 'vrai', 'faux')),
	decide_le TEXT,
	agent_id TEXT REFERENCES agent (id)
) STRICT;
CREATE INDEX lieu_signalement_lieu ON lieu_signalement (lieu_id, etat);

CREATE INDEX lieu_alias_lieu ON lieu_alias (lieu_id);
