-- What changed since: a number for each table that is also kept in memory, which grows in
-- the transaction that changes its rows.  A table without a row here is not counted.

CREATE TABLE generation (
	nom TEXT NOT NULL PRIMARY KEY,  -- name of the table
	numero INTEGER NOT NULL
) STRICT;

INSERT INTO generation (nom, numero) VALUES
	('territoire', 0), ('territoire_nom', 0), ('contour', 0), ('lieu', 0),
	('lieu_source', 0), ('lieu_alias', 0), ('indicateur', 0), ('indicateur_serie', 0),
	('indicateur_lot', 0), ('iris', 0), ('commune_passage', 0);
