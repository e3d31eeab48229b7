-- Second factors and recovery codes.

-- name: facteur_rows(text agent) many
SELECT f.id, f.sorte, f.nom, f.carte, f.graine, f.derive, f.dernier_pas, f.essais, f.cree_le, f.vu_le,
	c.graine AS carte_graine, c.pas AS carte_pas, c.chiffres AS carte_chiffres
FROM facteur f LEFT JOIN carte c ON c.serie = f.carte
WHERE f.agent_id = :agent
ORDER BY f.cree_le, f.id;

-- A code of this step was right; no row changes when it has served.
-- name: facteur_accept(text id, int pas, int derive, text now) exec
UPDATE facteur SET dernier_pas = :pas, derive = :derive, essais = 0, vu_le = :now
WHERE id = :id AND dernier_pas < :pas;

-- name: facteur_miss(text agent) exec
UPDATE facteur SET essais = essais + 1 WHERE agent_id = :agent AND sorte <> 'cle' AND essais < 1000;

-- name: facteur_clear(text agent) exec
UPDATE facteur SET essais = 0 WHERE agent_id = :agent;

-- name: facteur_add_application(text id, text agent, text nom, blob graine, int pas, text now) exec
INSERT INTO facteur (id, agent_id, sorte, nom, graine, dernier_pas, cree_le, vu_le)
VALUES (:id, :agent, 'application', :nom, :graine, :pas, :now, :now);

-- name: facteur_add_card(text id, text agent, text nom, text carte, int derive, int pas, text now) exec
INSERT INTO facteur (id, agent_id, sorte, nom, carte, derive, dernier_pas, cree_le, vu_le)
VALUES (:id, :agent, 'carte', :nom, :carte, :derive, :pas, :now, :now);

-- name: facteur_rename(text id, text agent, text nom) exec
UPDATE facteur SET nom = :nom WHERE id = :id AND agent_id = :agent;

-- name: facteur_drop(text id, text agent) exec
DELETE FROM facteur WHERE id = :id AND agent_id = :agent;

-- name: facteur_drop_all(text agent) exec
DELETE FROM facteur WHERE agent_id = :agent;

-- name: facteur_count(text agent) one
SELECT count(*) AS n -- int
FROM facteur WHERE agent_id = :agent;

-- name: secours_add(text agent, text empreinte, text now) exec
INSERT INTO code_secours (agent_id, empreinte, cree_le) VALUES (:agent, :empreinte, :now);

-- name: secours_drop(text agent) exec
DELETE FROM code_secours WHERE agent_id = :agent;

-- name: secours_use(text agent, text empreinte, text now) exec
UPDATE code_secours SET utilise_le = :now
WHERE agent_id = :agent AND empreinte = :empreinte AND utilise_le IS NULL;

-- name: secours_count(text agent) one
SELECT count(*) AS n -- int
FROM code_secours WHERE agent_id = :agent AND utilise_le IS NULL;

-- Cards of an agent whose factors end: never given again without being looked at.
-- name: facteur_drop_cards(text agent) exec
UPDATE carte SET etat = 'perdue'
WHERE serie IN (SELECT carte FROM facteur WHERE agent_id = :agent AND carte IS NOT NULL);
