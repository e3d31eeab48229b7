-- The team of a structure.

-- name: equipe_agent_add(text id, text prenom, text nom, text nom_cle, text courriel, text identifiant, text langue, text structure, text now) exec
INSERT INTO agent (id, prenom, nom, nom_cle, courriel, identifiant, langue, etat, structure_id, cree_le, maj_le)
VALUES (:id, :prenom, :nom, :nom_cle, :courriel, :identifiant, :langue, 'invite', :structure, :now, :now);

-- name: equipe_agent_by_mail(text courriel) maybe
SELECT id FROM agent WHERE courriel = :courriel;

-- name: equipe_identifiant(text identifiant) maybe
SELECT id FROM agent WHERE identifiant = :identifiant;

-- Somebody of that name there, who has not left.
-- name: equipe_homonym(text nom_cle, text structure) maybe
SELECT a.id FROM agent a JOIN agent_role r ON r.agent_id = a.id
WHERE a.nom_cle = :nom_cle AND r.structure_id = :structure AND a.etat <> 'parti' LIMIT 1;

-- name: equipe_role_add(text agent, text structure, text role, text now, text par) exec
INSERT INTO agent_role (agent_id, structure_id, role, depuis, donne_par)
VALUES (:agent, :structure, :role, :now, :par)
ON CONFLICT (agent_id, structure_id, role) DO NOTHING;

-- name: equipe_role_drop(text agent, text structure, text role) exec
DELETE FROM agent_role WHERE agent_id = :agent AND structure_id = :structure AND role = :role;

-- name: equipe_roles_drop(text agent, text structure) exec
DELETE FROM agent_role WHERE agent_id = :agent AND structure_id = :structure;

-- name: equipe_etat(text agent, text etat, text now) exec
UPDATE agent SET etat = :etat, maj_le = :now WHERE id = :agent;

-- Admins that can act, but one.
-- name: equipe_admins_but(text agent) one
SELECT count(DISTINCT a.id) AS n -- int
FROM agent a JOIN agent_role r ON r.agent_id = a.id
WHERE r.role = 'admin' AND a.etat = 'actif' AND a.id <> :agent;

-- name: equipe_admins() one
SELECT count(DISTINCT a.id) AS n -- int
FROM agent a JOIN agent_role r ON r.agent_id = a.id
WHERE r.role = 'admin' AND a.etat IN ('invite', 'actif');

-- Has this account ever been opened: a password, a factor, or an outside identity.
-- name: equipe_opened(text agent) one
SELECT CASE WHEN a.mot_de_passe IS NOT NULL
	OR EXISTS (SELECT 1 FROM facteur f WHERE f.agent_id = a.id)
	OR EXISTS (SELECT 1 FROM identite i WHERE i.agent_id = a.id) THEN 1 ELSE 0 END AS opened -- int
FROM agent a WHERE a.id = :agent;

-- name: equipe_sessions_close(text agent, text now, text par) exec
UPDATE agent_session SET fermee_le = :now, fermee_par = :par
WHERE agent_id = :agent AND fermee_le IS NULL;

-- name: equipe_sessions_move(text agent, text from, text to) exec
UPDATE agent_session SET structure_id = :to
WHERE agent_id = :agent AND structure_id = :from AND fermee_le IS NULL;

-- name: equipe_last_place(text agent, text structure, text now) exec
UPDATE agent SET structure_id = :structure, maj_le = :now WHERE id = :agent;

-- name: equipe_session_place(text session, text structure) exec
UPDATE agent_session SET structure_id = :structure WHERE id = :session;

-- Cards that this agent holds.
-- name: equipe_cards(text agent) many
SELECT carte FROM facteur WHERE agent_id = :agent AND carte IS NOT NULL ORDER BY carte;

-- name: equipe_card_state(text serie, text etat) exec
UPDATE carte SET etat = :etat WHERE serie = :serie;

-- name: equipe_factors_drop(text agent) exec
DELETE FROM facteur WHERE agent_id = :agent;

-- name: equipe_codes_drop(text agent) exec
DELETE FROM code_secours WHERE agent_id = :agent;

-- name: equipe_identities_drop(text agent) exec
DELETE FROM identite WHERE agent_id = :agent;

-- name: equipe_account_end(text agent, text now) exec
UPDATE agent SET etat = 'parti', courriel = NULL, telephone = NULL, mot_de_passe = NULL,
	mot_de_passe_le = NULL, structure_id = NULL, maj_le = :now
WHERE id = :agent;

-- Who has a role in this structure and in no other that is active.
-- name: equipe_only_here(text structure) many
SELECT DISTINCT r.agent_id FROM agent_role r
WHERE r.structure_id = :structure AND NOT EXISTS (
	SELECT 1 FROM agent_role o JOIN structure s ON s.id = o.structure_id
	WHERE o.agent_id = r.agent_id AND (o.role IN ('coordinateur', 'admin')
		OR s.id <> :structure AND s.etat = 'active'))
ORDER BY r.agent_id;

-- Factors of an account, without their secrets.
-- name: equipe_factors(text agent) many
SELECT id, sorte, nom, carte, cree_le FROM facteur WHERE agent_id = :agent ORDER BY cree_le, id;

-- name: equipe_account(text agent) one
SELECT a.telephone, a.cree_le, a.mot_de_passe IS NOT NULL AS password -- int
FROM agent a WHERE a.id = :agent;
