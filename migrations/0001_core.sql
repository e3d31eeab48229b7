-- What all of Tremplin shares: territories, places, what was counted.
-- Append-only: a migration that was released never changes.  Dates are UTC, ISO 8601.
-- Ids are UUIDv7 in TEXT.  Sort keys are stored (folded text), never a collation.

CREATE TABLE reglage (                  -- settings and markers of this data folder
	cle TEXT NOT NULL PRIMARY KEY,
	valeur TEXT NOT NULL
) STRICT;

CREATE TABLE territoire (               -- commune, arrondissement municipal, EPCI, EPT, département, région
	code TEXT NOT NULL,             -- INSEE code or SIREN of the EPCI, as text: '01001', '2A', '200054781'
	niveau TEXT NOT NULL CHECK (niveau IN ('commune', 'arrondissement', 'epci', 'ept', 'departement', 'region')),
	nom TEXT NOT NULL,              -- as INSEE writes it
	nom_cle TEXT NOT NULL,          -- folded name: search and order
	departement TEXT,               -- code; null for a region, an EPCI or an EPT
	region TEXT,                    -- code
	epci TEXT,                      -- SIREN; communes
	ept TEXT,                       -- SIREN of the établissement public territorial (métropole du Grand Paris)
	commune TEXT,                   -- code of the commune an arrondissement belongs to
	nature TEXT,                    -- CC, CA, CU, METRO, EPT: EPCI only
	chef_lieu TEXT,                 -- code of the commune that is the seat
	population INTEGER,             -- legal municipal population; null when not known
	codes_postaux TEXT,             -- separated by '|'; communes and arrondissements
	latitude REAL,                  -- WGS 84, degrees
	longitude REAL,
	position TEXT CHECK (position IN ('source', 'approchee')), -- 'approchee': borrowed from neighbours
	surface_km2 REAL,
	source TEXT NOT NULL,           -- file and year it came from
	maj_le TEXT NOT NULL,
	PRIMARY KEY (niveau, code)
) STRICT;
CREATE INDEX territoire_departement ON territoire (departement, niveau);

CREATE TABLE territoire_nom (           -- old and other names a person may type
	niveau TEXT NOT NULL,
	code TEXT NOT NULL,             -- territory of today
	nom TEXT NOT NULL,              -- 'Château-Chinon', the name of a delegated or merged commune
	nom_cle TEXT NOT NULL,
	ancien_code TEXT,               -- INSEE code it had
	source TEXT NOT NULL,
	PRIMARY KEY (niveau, nom_cle, code)
) STRICT;

CREATE TABLE contour (                  -- simplified outline, ready to draw
	niveau TEXT NOT NULL,
	code TEXT NOT NULL,
	departement TEXT,               -- of a commune, to draw a département's communes at once
	trace BLOB NOT NULL,            -- see core/contour.h: quantised rings
	source TEXT NOT NULL,
	PRIMARY KEY (niveau, code)
) STRICT;
CREATE INDEX contour_departement ON contour (niveau, departement);

CREATE TABLE source (                   -- who gave us places
	id TEXT NOT NULL PRIMARY KEY,
	nom TEXT NOT NULL UNIQUE,       -- short name given at import: 'conseiller-numerique'
	titre TEXT,                     -- what people read; null: the name
	licence TEXT,
	adresse TEXT,                   -- where it is published
	complete INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1)), -- 1: the file is the source's whole list
	importe_le TEXT
) STRICT;

CREATE TABLE lieu (                     -- the record that is shown; fields of the national schema 1.0.2, letter for letter
	id TEXT NOT NULL PRIMARY KEY,   -- ours, UUIDv7
	pivot TEXT,                     -- SIRET, RNA or RIDET
	nom TEXT NOT NULL,
	nom_cle TEXT NOT NULL,
	commune TEXT NOT NULL,
	code_postal TEXT,
	code_insee TEXT,
	adresse TEXT,
	complement_adresse TEXT,
	latitude REAL,
	longitude REAL,
	position TEXT NOT NULL CHECK (position IN ('source', 'commune')), -- 'commune': that of its commune, approximate
	typologie TEXT,                 -- lists are joined by '|'
	telephone TEXT,
	courriels TEXT,
	site_web TEXT,
	horaires TEXT,                  -- OSM opening_hours
	presentation_resume TEXT,
	presentation_detail TEXT,
	source TEXT,                    -- the row's own column: provenance
	itinerance TEXT,
	structure_parente TEXT,
	date_maj TEXT NOT NULL,         -- YYYY-MM-DD, as the source says
	services TEXT,
	publics_specifiquement_adresses TEXT,
	prise_en_charge_specifique TEXT,
	frais_a_charge TEXT,
	dispositif_programmes_nationaux TEXT,
	formations_labels TEXT,
	autres_formations_labels TEXT,
	modalites_acces TEXT,
	modalites_accompagnement TEXT,
	fiche_acces_libre TEXT,
	prise_rdv TEXT,
	horaires_texte TEXT,            -- hours that could not be read, as the source wrote them
	publics_recus TEXT,             -- who is received when it is known: 'tous', 'residents', 'allocataires'
	publication TEXT NOT NULL CHECK (publication IN ('publie', 'protege', 'retire')),
	publication_motif TEXT,         -- why it is not public: the word that the rule recognised
	adresse_protegee INTEGER NOT NULL DEFAULT 0 CHECK (adresse_protegee IN (0, 1)), -- survives every merge and re-import
	cree_le TEXT NOT NULL,
	maj_le TEXT NOT NULL
) STRICT;

CREATE TABLE lieu_source (              -- what each source says of a place, untouched
	source_id TEXT NOT NULL REFERENCES source (id),
	id_source TEXT NOT NULL,        -- the id in that source
	lieu_id TEXT NOT NULL REFERENCES lieu (id),
	champs TEXT NOT NULL,           -- every original field, JSON object, letter for letter
	empreinte TEXT NOT NULL,        -- SHA-256 of `champs`: unchanged rows are known without reading them
	date_maj TEXT,                  -- as the source says
	importe_le TEXT NOT NULL,       -- when this version came in
	vu_le TEXT NOT NULL,            -- when an import last contained it
	PRIMARY KEY (source_id, id_source)
) STRICT;
CREATE INDEX lieu_source_lieu ON lieu_source (lieu_id);

CREATE TABLE lieu_alias (               -- an address that was given out keeps answering
	ancien_id TEXT NOT NULL PRIMARY KEY,
	lieu_id TEXT NOT NULL REFERENCES lieu (id)
) STRICT;

CREATE TABLE reperage_compte (          -- what is kept of a "faire le point": counts, nothing else
	instrument TEXT NOT NULL,       -- name of the instrument
	version TEXT NOT NULL,
	commune TEXT NOT NULL,          -- INSEE code, '' when none was given
	mois TEXT NOT NULL,             -- YYYY-MM
	profil TEXT NOT NULL,           -- class of the instrument's typology, or 'indetermine'
	mode TEXT NOT NULL CHECK (mode IN ('ecran', 'papier', 'api')),
	nombre INTEGER NOT NULL CHECK (nombre > 0),
	PRIMARY KEY (instrument, version, commune, mois, profil, mode)
) STRICT;
