-- Places that travel: where and when they stop; and what a territory says of its places
-- beside the national schema.

CREATE TABLE passage (                  -- a stop of a place that travels, in time
	id TEXT NOT NULL PRIMARY KEY,   -- UUIDv7
	lieu_id TEXT NOT NULL,          -- the bus, the permanence; after a merge lieu_alias leads from it
	source TEXT,                    -- name of the import; null: written by an agent
	id_source TEXT,                 -- in that source
	arret TEXT NOT NULL,            -- 'place de la mairie'
	commune TEXT NOT NULL,
	code_insee TEXT NOT NULL,
	adresse TEXT,
	latitude REAL,                  -- WGS 84; null: that of its commune
	longitude REAL,
	horaires TEXT,                  -- OSM opening_hours: 'Tu[2] 14:00-17:00'; null: dates only
	dates TEXT,                     -- days of its own, joined by '|': '2026-12-08 14:00-17:00'
	sauf TEXT,                      -- days without it, joined by '|': '2026-12-22'
	debut TEXT,                     -- YYYY-MM-DD: the rule holds from that day
	fin TEXT,                       -- to that day
	precisions TEXT,                -- 'devant la salle des fêtes'
	non_public INTEGER NOT NULL DEFAULT 0 CHECK (non_public IN (0, 1)), -- known to partners and by telephone
	agent_id TEXT REFERENCES agent (id),    -- who wrote it last
	cree_le TEXT NOT NULL,
	maj_le TEXT NOT NULL,
	CHECK (horaires IS NOT NULL OR dates IS NOT NULL)
) STRICT;
CREATE INDEX passage_lieu ON passage (lieu_id);
CREATE UNIQUE INDEX passage_source ON passage (source, id_source);

CREATE TABLE lieu_local (               -- local fields, beside the 32 of the schema
	lieu_id TEXT NOT NULL,          -- after a merge lieu_alias leads from it
	origine TEXT NOT NULL CHECK (origine IN ('agent', 'source')),   -- an agent's word goes first
	equipements TEXT NOT NULL,      -- slugs of core/lieu_local.h joined by '|'; '' none
	genre TEXT NOT NULL,            -- slugs joined by '|'; '': what its type says
	agent_id TEXT REFERENCES agent (id),
	maj_le TEXT NOT NULL,
	PRIMARY KEY (lieu_id, origine)
) STRICT;

CREATE INDEX lieu_alias_vers ON lieu_alias (lieu_id);   -- what a place was called before

INSERT INTO generation (nom, numero) VALUES ('passage', 0), ('lieu_local', 0);
