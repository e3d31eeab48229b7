-- Sheets that are typed back.

-- name: feuille_get(text numero, text instrument) maybe
SELECT version, structure_id, le, etat, reponses FROM feuille
WHERE numero = :numero AND instrument = :instrument;

-- name: feuille_add(text numero, text instrument, text version, text structure, text le, text etat, text reponses) exec
INSERT INTO feuille (numero, instrument, version, structure_id, le, etat, reponses)
VALUES (:numero, :instrument, :version, :structure, :le, :etat, :reponses)
ON CONFLICT (numero, instrument) DO NOTHING;

-- name: feuille_finish(text numero, text instrument, text etat) exec
UPDATE feuille SET etat = 'faite', reponses = ''
WHERE numero = :numero AND instrument = :instrument AND etat = :etat;

-- name: feuille_compared(text numero, text instrument) exec
UPDATE feuille SET etat = 'comparee'
WHERE numero = :numero AND instrument = :instrument AND etat = 'attend';

-- name: feuille_forget(text before) exec
DELETE FROM feuille WHERE etat != 'faite' AND le < :before;

-- name: feuille_erase(text numero) exec
DELETE FROM feuille WHERE numero = :numero;

-- name: double_saisie_add(text instrument, text version, text structure, text mois, int comparees, int identiques) exec
INSERT INTO double_saisie (instrument, version, structure_id, mois, feuilles, comparees, identiques)
VALUES (:instrument, :version, :structure, :mois, 1, :comparees, :identiques)
ON CONFLICT (instrument, version, structure_id, mois) DO UPDATE SET
	feuilles = double_saisie.feuilles + 1,
	comparees = double_saisie.comparees + excluded.comparees,
	identiques = double_saisie.identiques + excluded.identiques;

-- name: double_saisie_of(text instrument, text structure) one
SELECT coalesce(sum(feuilles), 0) AS feuilles, -- int
	coalesce(sum(comparees), 0) AS comparees, -- int
	coalesce(sum(identiques), 0) AS identiques -- int
FROM double_saisie WHERE instrument = :instrument AND structure_id = :structure;

-- name: feuilles_waiting(text instrument, text structure) one
SELECT count(*) AS nombre -- int
FROM feuille WHERE instrument = :instrument AND structure_id = :structure AND etat != 'faite';
