-- What was applied to this data folder; the store reads it before anything else.

CREATE TABLE migration (
	nom TEXT NOT NULL PRIMARY KEY,  -- file name: '0001_core.sql'
	empreinte TEXT NOT NULL,        -- SHA-256 of the file as it was applied
	applique_le TEXT NOT NULL
) STRICT;
