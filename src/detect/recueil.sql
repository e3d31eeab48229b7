-- Answers that are kept.

-- name: reponse_add(text id, text numero, text instrument, text version, text structure, text commune, text le, text mode, text provenance, text langue, text moment, text groupe, text reponses, text profil) exec
INSERT INTO reponse (id, numero, instrument, version, structure_id, commune, le, mode, provenance, langue, moment, groupe, reponses, profil)
VALUES (:id, :numero, :instrument, :version, :structure, :commune, :le, :mode, :provenance, :langue, :moment, :groupe, :reponses, :profil);

-- name: reponse_of(text numero) many
SELECT instrument, version, le, moment, langue, reponses, profil FROM reponse
WHERE numero = :numero ORDER BY le, id;

-- name: parole_erase(text numero) exec
DELETE FROM parole WHERE reponse_id IN (SELECT id FROM reponse WHERE numero = :numero);

-- name: reponse_erase(text numero) exec
DELETE FROM reponse WHERE numero = :numero;

-- name: reponse_each(text instrument, text version) each
SELECT r.id, r.instrument, r.version, r.commune, r.le, r.mode, r.provenance, r.langue, r.moment, r.groupe,
	r.reponses, r.profil, s.nom AS structure
FROM reponse r LEFT JOIN structure s ON s.id = r.structure_id
WHERE r.instrument = :instrument AND (:version = '' OR r.version = :version)
ORDER BY r.id;

-- name: reponse_versions(text instrument) many
SELECT version, count(*) AS nombre -- int
FROM reponse WHERE instrument = :instrument GROUP BY version ORDER BY version;

-- name: reponse_compte_add(text instrument, text version, text structure, text commune, text mois, text profil, text mode, text provenance) exec
INSERT INTO reponse_compte (instrument, version, structure_id, commune, mois, profil, mode, provenance, nombre)
VALUES (:instrument, :version, :structure, :commune, :mois, :profil, :mode, :provenance, 1)
ON CONFLICT (instrument, version, structure_id, commune, mois, profil, mode, provenance)
DO UPDATE SET nombre = reponse_compte.nombre + 1;

-- What is counted, whatever its table: a row a cell.
-- name: comptes_each(text instrument, text de, text a) each
SELECT commune, -- text
	mois, -- text
	structure, -- text
	profil, -- text
	provenance, -- text
	sum(nombre) AS nombre -- int
FROM (
	SELECT r.commune AS commune, substr(r.le, 1, 7) AS mois, coalesce(s.nom, '') AS structure,
		r.profil AS profil, r.provenance AS provenance, 1 AS nombre
	FROM reponse r LEFT JOIN structure s ON s.id = r.structure_id WHERE r.instrument = :instrument
	UNION ALL
	SELECT c.commune, c.mois, s.nom, c.profil, c.provenance, c.nombre
	FROM reponse_compte c JOIN structure s ON s.id = c.structure_id WHERE c.instrument = :instrument
	UNION ALL
	SELECT commune, mois, '', profil, 'declare', nombre FROM reperage_compte WHERE instrument = :instrument
) t
WHERE mois >= :de AND mois <= :a
GROUP BY commune, mois, structure, profil, provenance
ORDER BY commune, mois, structure, profil, provenance;

-- name: parole_add(text id, text reponse, text item, text texte) exec
INSERT INTO parole (id, reponse_id, item, texte) VALUES (:id, :reponse, :item, :texte);

-- name: paroles_list(text etat) many
SELECT p.id, p.item, p.texte, p.theme, p.etat, r.commune, r.le, r.instrument
FROM parole p JOIN reponse r ON r.id = p.reponse_id
WHERE p.etat = :etat ORDER BY p.theme, p.id DESC LIMIT 300;

-- name: parole_get(text id) one
SELECT p.id, p.item, p.texte, p.theme, p.etat, r.commune, r.le, r.instrument, r.version
FROM parole p JOIN reponse r ON r.id = p.reponse_id WHERE p.id = :id;

-- name: parole_set(text id, text texte, text theme, text etat, text le) exec
UPDATE parole SET texte = :texte, theme = :theme, etat = :etat, lue_le = :le WHERE id = :id;

-- name: paroles_count() many
SELECT etat, count(*) AS nombre -- int
FROM parole GROUP BY etat;

-- In the order of what was answered, which says nothing of when.
-- name: reponses_for_export(text instrument, text version) each
SELECT version, substr(le, 1, 7) AS mois, -- text
	mode, provenance, langue, moment, groupe, reponses, profil
FROM reponse WHERE instrument = :instrument AND version = :version
ORDER BY reponses, profil, mode, provenance, groupe;

-- name: paroles_waiting() one
SELECT count(*) AS nombre -- int
FROM parole WHERE etat = 'a_lire';
