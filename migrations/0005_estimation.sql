-- How many people a survey would find in each territory (observe/estimation.h).

CREATE TABLE estimation_enquete (       -- a survey whose estimates are kept
	nom TEXT NOT NULL PRIMARY KEY,  -- 'capuni-2022'
	titre TEXT NOT NULL,
	source TEXT NOT NULL,
	champ TEXT NOT NULL,            -- of whom it speaks: '18 ans et plus, Bretagne'
	avertissement TEXT NOT NULL,    -- what it is not
	annee INTEGER NOT NULL,         -- 0: not said
	repondants INTEGER NOT NULL,
	tirages INTEGER NOT NULL,       -- replicates; 0: no intervals
	graine INTEGER NOT NULL,        -- seed of the replicates
	calcule_le TEXT NOT NULL
) STRICT;

CREATE TABLE estimation_resultat (      -- what it found, in its order
	enquete TEXT NOT NULL REFERENCES estimation_enquete (nom),
	rang INTEGER NOT NULL,
	nom TEXT NOT NULL,              -- 'eloigne'; 'concernes': all those that mediation is for
	libelle TEXT NOT NULL,
	concerne INTEGER NOT NULL CHECK (concerne IN (0, 1)),
	PRIMARY KEY (enquete, rang)
) STRICT;

CREATE TABLE estimation (
	enquete TEXT NOT NULL REFERENCES estimation_enquete (nom),
	niveau TEXT NOT NULL CHECK (niveau IN ('commune', 'epci', 'departement', 'region', 'pays')),
	code TEXT NOT NULL,
	resultat INTEGER NOT NULL,      -- rang of the result
	statut TEXT NOT NULL,           -- 'estime', 'partiel', 'sans_donnees', 'sans_objet', 'refuse'
	base REAL,                      -- people of the margins
	nombre REAL,                    -- people; null when not estimated
	bas REAL,                       -- 95 % interval; null without draws
	haut REAL,
	manquantes INTEGER NOT NULL,    -- communes that are not in the sum
	PRIMARY KEY (enquete, niveau, code, resultat)
) STRICT;
CREATE INDEX estimation_territoire ON estimation (niveau, code);
