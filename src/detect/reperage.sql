-- What is kept of "faire le point": counts by commune, month and profile; nothing else.

-- name: reperage_compte_add(text instrument, text version, text commune, text mois, text profil, text mode) exec
INSERT INTO reperage_compte (instrument, version, commune, mois, profil, mode, nombre)
VALUES (:instrument, :version, :commune, :mois, :profil, :mode, 1)
ON CONFLICT (instrument, version, commune, mois, profil, mode)
DO UPDATE SET nombre = reperage_compte.nombre + 1;

-- One that was counted moves: its old place loses it.
-- name: reperage_compte_less(text instrument, text version, text commune, text mois, text profil, text mode) exec
UPDATE reperage_compte SET nombre = nombre - 1
WHERE instrument = :instrument AND version = :version AND commune = :commune
	AND mois = :mois AND profil = :profil AND mode = :mode AND nombre > 1;

-- name: reperage_compte_drop(text instrument, text version, text commune, text mois, text profil, text mode) exec
DELETE FROM reperage_compte
WHERE instrument = :instrument AND version = :version AND commune = :commune
	AND mois = :mois AND profil = :profil AND mode = :mode AND nombre = 1;

-- name: reperage_comptes() many
SELECT instrument, version, commune, mois, profil, mode, nombre FROM reperage_compte
ORDER BY instrument, version, commune, mois, profil, mode;
