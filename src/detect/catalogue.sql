-- Instruments in the store.

-- name: instrument_stored(text id, text version) maybe
SELECT id, version, etat, fichier, livre, structure_id, maj_le FROM instrument
WHERE id = :id AND version = :version;

-- name: instrument_current(text id) maybe
SELECT id, version, etat, fichier, livre, structure_id, maj_le FROM instrument
WHERE id = :id AND etat = 'publie' AND livre = 0
ORDER BY maj_le DESC, version DESC LIMIT 1;

-- name: instrument_rows() many
SELECT i.id, i.version, i.etat, i.fichier, i.livre, i.structure_id, i.maj_le,
	(SELECT count(*) FROM reponse r WHERE r.instrument = i.id AND r.version = i.version) AS reponses -- int
FROM instrument i ORDER BY i.id, i.maj_le DESC;

-- name: instrument_add(text id, text version, text etat, text fichier, text empreinte, int livre, text structure, text le) exec
INSERT INTO instrument (id, version, etat, fichier, empreinte, livre, structure_id, cree_le, maj_le)
VALUES (:id, :version, :etat, :fichier, :empreinte, :livre, :structure, :le, :le);

-- Only a draft changes.
-- name: instrument_change(text id, text version, text fichier, text empreinte, text le) exec
UPDATE instrument SET fichier = :fichier, empreinte = :empreinte, maj_le = :le
WHERE id = :id AND version = :version AND etat = 'brouillon';

-- name: instrument_state(text id, text version, text etat, text avant, text le) exec
UPDATE instrument SET etat = :etat, maj_le = :le
WHERE id = :id AND version = :version AND etat = :avant;

-- name: instrument_drop(text id, text version) exec
DELETE FROM instrument WHERE id = :id AND version = :version AND etat = 'brouillon';
