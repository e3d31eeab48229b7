-- What the field says of a territory: what figures do not tell.

CREATE TABLE terrain (
	id TEXT NOT NULL PRIMARY KEY,   -- UUIDv7
	niveau TEXT NOT NULL CHECK (niveau IN ('commune', 'epci', 'ept', 'departement', 'region')),
	code TEXT NOT NULL,             -- of the territory
	sorte TEXT NOT NULL CHECK (sorte IN ('cheminement', 'note', 'document')),
	-- 'cheminement': an extract of interviews over a year, of a département only
	theme TEXT NOT NULL,            -- slug of observe/terrain.h
	titre TEXT NOT NULL,
	texte TEXT NOT NULL,
	lien TEXT,                      -- of a document
	source TEXT,                    -- who says it, as a function or a structure: never a person's name
	consenti INTEGER NOT NULL DEFAULT 0 CHECK (consenti IN (0, 1)), -- the person agreed to this extract
	relu INTEGER NOT NULL DEFAULT 0 CHECK (relu IN (0, 1)),         -- and read it, or heard it, again
	publie INTEGER NOT NULL DEFAULT 0 CHECK (publie IN (0, 1)),
	agent_id TEXT REFERENCES agent (id),    -- who wrote it down
	cree_le TEXT NOT NULL,          -- never shown beside an extract
	maj_le TEXT NOT NULL,
	CHECK (sorte <> 'cheminement' OR (niveau = 'departement' AND (publie = 0 OR (consenti = 1 AND relu = 1))))
) STRICT;
CREATE INDEX terrain_territoire ON terrain (niveau, code, publie);
