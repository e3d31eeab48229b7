-- The observatory's figures: what is measured, of which territory, in which year, and from
-- which file it came.  Values are packed a département at a time (core/indicateur.h): one
-- indicator of all communes is a hundred small rows, not thirty-five thousand.

CREATE TABLE indicateur (               -- measures that the catalogue does not ship: a territory's own
	code TEXT NOT NULL PRIMARY KEY, -- 'acces_bus'; lower case letters, digits and '_'
	libelle TEXT NOT NULL,
	unite TEXT NOT NULL,            -- '%', 'km', 'personnes'...
	sens INTEGER NOT NULL CHECK (sens IN (-1, 0, 1)), -- 1: higher is more fragile; -1: less; 0: neither
	nature TEXT NOT NULL,           -- 'part', 'nombre', 'moyenne', 'distance', 'montant', 'score'
	source TEXT,
	licence TEXT,
	url TEXT,
	note TEXT
) STRICT;

CREATE TABLE indicateur_import (        -- where figures came from: one row per file that changed something
	id TEXT NOT NULL PRIMARY KEY,   -- UUIDv7
	fichier TEXT NOT NULL,          -- name of the file, without its folder
	empreinte TEXT NOT NULL,        -- SHA-256 of the file
	format TEXT NOT NULL,           -- 'insee-communal', 'filosofi', 'arcep', 'table'...
	source TEXT NOT NULL,           -- who publishes it
	licence TEXT,
	url TEXT,
	lus INTEGER NOT NULL,           -- rows of the file
	acceptes INTEGER NOT NULL,
	refuses INTEGER NOT NULL,
	valeurs INTEGER NOT NULL,       -- values that the file gave
	modifies INTEGER NOT NULL,      -- of them, those that changed the store
	importe_le TEXT NOT NULL
) STRICT;

CREATE TABLE indicateur_serie (         -- one indicator, one level, one year
	indicateur TEXT NOT NULL,
	niveau TEXT NOT NULL CHECK (niveau IN ('iris', 'commune', 'arrondissement', 'epci', 'ept', 'departement', 'region', 'france')),
	annee INTEGER NOT NULL,         -- that the figure speaks of, not that of publication
	nombre INTEGER NOT NULL,        -- territories in it
	renseignes INTEGER NOT NULL,    -- of them, those with a value; the others say why not
	import_id TEXT NOT NULL REFERENCES indicateur_import (id), -- the last that changed it
	PRIMARY KEY (indicateur, niveau, annee)
) STRICT;

CREATE TABLE indicateur_lot (           -- the values of a series, a département at a time
	indicateur TEXT NOT NULL,
	niveau TEXT NOT NULL,
	annee INTEGER NOT NULL,
	departement TEXT NOT NULL,      -- of communes, arrondissements and IRIS; '' above
	valeurs BLOB NOT NULL,          -- core/indicateur.h: codes, status, origin, value
	PRIMARY KEY (indicateur, niveau, annee, departement)
) STRICT;
CREATE INDEX indicateur_lot_territoire ON indicateur_lot (niveau, departement);

CREATE TABLE iris (                     -- INSEE's quarters; a small commune is one IRIS
	code TEXT NOT NULL PRIMARY KEY, -- '930100101'; ends in 0000 when the commune is not divided
	commune TEXT NOT NULL,          -- code of the commune (or arrondissement) of today
	departement TEXT NOT NULL,
	nom TEXT NOT NULL,
	type TEXT CHECK (type IN ('H', 'A', 'D', 'Z')), -- habitat, activity, diverse, undivided
	population REAL,                -- of the last census base imported; not a whole number there
	annee INTEGER,                  -- of that base
	latitude REAL,                  -- WGS 84: mean of the facilities (BPE) that stand in it
	longitude REAL,
	source TEXT NOT NULL,
	maj_le TEXT NOT NULL
) STRICT;
CREATE INDEX iris_commune ON iris (commune);

CREATE TABLE commune_passage (          -- what became of a commune's code (COG, mouvements de communes)
	ancien TEXT NOT NULL,
	nouveau TEXT NOT NULL,
	date_effet TEXT NOT NULL,       -- YYYY-MM-DD
	nature TEXT NOT NULL CHECK (nature IN ('fusion', 'scission', 'code')), -- 'code': the same commune, renumbered
	source TEXT NOT NULL,
	PRIMARY KEY (ancien, nouveau, date_effet)
) STRICT;
CREATE INDEX commune_passage_nouveau ON commune_passage (nouveau);
