-- Mandats: what people allowed, and what became of it.

-- name: mandat_row(text id) maybe
SELECT m.id, m.usager_id, m.structure_id, s.nom AS structure_nom, u.nom AS usager_nom, m.sorte, m.proche,
	m.raison, m.duree, m.mode, m.protection, m.protecteur, m.protecteur_le, m.papier, m.etat, m.renouvelle,
	m.cree_par, m.cree_le, m.signe_le, m.expire_le, m.arrete_le, m.arrete_par, m.numero, m.attestation
FROM mandat m JOIN structure s ON s.id = m.structure_id JOIN usager u ON u.id = m.usager_id
WHERE m.id = :id;

-- name: mandat_ids(text usager) many
SELECT id, structure_id FROM mandat WHERE usager_id = :usager ORDER BY id DESC;

-- name: autorisation_rows(text mandat) many
SELECT demarche, arretee_le FROM autorisation WHERE mandat_id = :mandat;

-- name: mandat_agent_rows(text mandat) many
SELECT agent_id FROM mandat_agent WHERE mandat_id = :mandat ORDER BY agent_id;

-- name: mandat_agent_names(text mandat) many
SELECT a.prenom, a.nom FROM mandat_agent g JOIN agent a ON a.id = g.agent_id WHERE g.mandat_id = :mandat
ORDER BY g.agent_id;

-- name: mandat_put(text id, text usager, text structure, text sorte, text proche, text raison, text duree, text mode, text protection, text protecteur, text papier, text renouvelle, text agent, text le) exec
INSERT INTO mandat (id, usager_id, structure_id, sorte, proche, raison, duree, mode, protection, protecteur,
	papier, etat, renouvelle, cree_par, cree_le)
VALUES (:id, :usager, :structure, :sorte, :proche, :raison, :duree, :mode, :protection, :protecteur, :papier,
	'prepare', :renouvelle, :agent, :le);

-- name: autorisation_put(text mandat, text demarche) exec
INSERT INTO autorisation (mandat_id, demarche) VALUES (:mandat, :demarche);

-- name: mandat_agent_put(text mandat, text agent, text le) exec
INSERT INTO mandat_agent (mandat_id, agent_id, depuis) VALUES (:mandat, :agent, :le);

-- name: agent_aide(text agent, text structure) maybe
SELECT r.role FROM agent_role r JOIN agent a ON a.id = r.agent_id JOIN structure s ON s.id = r.structure_id
WHERE r.agent_id = :agent AND r.structure_id = :structure AND r.role = 'aidant' AND a.etat = 'actif'
	AND s.etat = 'active';

-- name: mandat_begin(text id, text le, text expire, int numero, text attestation, text protecteur_le) exec
UPDATE mandat SET etat = 'actif', signe_le = :le, expire_le = :expire, numero = :numero,
	attestation = :attestation, protecteur_le = :protecteur_le
WHERE id = :id AND etat IN ('prepare', 'demande');

-- name: mandat_wait(text id, text mode) exec
UPDATE mandat SET etat = 'demande', mode = :mode WHERE id = :id AND etat IN ('prepare', 'demande');

-- name: mandat_close(text id, text etat, text le, text par) exec
UPDATE mandat SET etat = :etat, arrete_le = :le, arrete_par = :par
WHERE id = :id AND etat IN ('prepare', 'demande');

-- name: mandat_end_now(text id, text le, text par) exec
UPDATE mandat SET etat = 'arrete', arrete_le = :le, arrete_par = :par WHERE id = :id AND etat = 'actif';

-- name: autorisation_end(text mandat, text demarche, text le, text par) exec
UPDATE autorisation SET arretee_le = :le, arretee_par = :par
WHERE mandat_id = :mandat AND demarche = :demarche AND arretee_le IS NULL;

-- name: mandat_ended(text le) many
SELECT id, usager_id, structure_id FROM mandat WHERE etat = 'actif' AND expire_le <= :le ORDER BY id LIMIT 500;

-- name: mandat_set_ended(text id) exec
UPDATE mandat SET etat = 'fini' WHERE id = :id AND etat = 'actif';

-- name: mandat_forgotten(text before) many
SELECT id FROM mandat WHERE etat = 'prepare' AND cree_le < :before ORDER BY id LIMIT 500;

-- name: mandat_soon(text le, text soon) many
SELECT m.id, m.expire_le, m.structure_id, s.nom AS structure, u.telephone, u.langue
FROM mandat m JOIN usager u ON u.id = m.usager_id JOIN structure s ON s.id = m.structure_id
WHERE m.etat = 'actif' AND m.duree IN ('SEMESTER', 'LONG') AND m.rappel_le IS NULL AND m.expire_le > :le
	AND m.expire_le <= :soon AND u.telephone IS NOT NULL AND u.telephone_sur = 1
ORDER BY m.id LIMIT 200;

-- name: mandat_reminded(text id, text le) exec
UPDATE mandat SET rappel_le = :le WHERE id = :id;

-- name: limites_row(text structure) maybe
SELECT demarches, duree_max, proche, dpo FROM structure_limite WHERE structure_id = :structure;

-- name: limites_put(text structure, text demarches, text duree_max, int proche, text dpo, text le) exec
INSERT INTO structure_limite (structure_id, demarches, duree_max, proche, dpo, maj_le)
VALUES (:structure, :demarches, :duree_max, :proche, :dpo, :le)
ON CONFLICT (structure_id) DO UPDATE SET demarches = excluded.demarches, duree_max = excluded.duree_max,
	proche = excluded.proche, dpo = excluded.dpo, maj_le = excluded.maj_le;

-- name: lecture_row(text mandat, text agent, text le) maybe
SELECT raison FROM mandat_lecture WHERE mandat_id = :mandat AND agent_id = :agent AND expire_le > :le
ORDER BY le DESC LIMIT 1;

-- name: lecture_put(text mandat, text agent, text raison, text le, text expire) exec
INSERT INTO mandat_lecture (mandat_id, agent_id, raison, le, expire_le)
VALUES (:mandat, :agent, :raison, :le, :expire) ON CONFLICT DO NOTHING;

-- Those an agent accompanies: named on a mandat, or whose sheet they opened.

-- name: gens_of(text agent, text structure) many
SELECT DISTINCT u.id, u.nom, u.numero FROM usager u
WHERE u.structure_id = :structure AND u.efface_le IS NULL AND (u.cree_par = :agent OR EXISTS (
	SELECT 1 FROM mandat m JOIN mandat_agent g ON g.mandat_id = m.id
	WHERE m.usager_id = u.id AND m.structure_id = :structure AND g.agent_id = :agent))
ORDER BY u.id DESC LIMIT 200;

-- name: gens_knows(text usager, text agent, text structure, text le) maybe
SELECT u.id FROM usager u
WHERE u.id = :usager AND ((u.structure_id = :structure AND u.cree_par = :agent) OR EXISTS (
	SELECT 1 FROM mandat m JOIN mandat_agent g ON g.mandat_id = m.id
	WHERE m.usager_id = u.id AND m.structure_id = :structure AND g.agent_id = :agent) OR EXISTS (
	SELECT 1 FROM mandat m JOIN mandat_lecture l ON l.mandat_id = m.id
	WHERE m.usager_id = u.id AND m.structure_id = :structure AND l.agent_id = :agent AND l.expire_le > :le));
