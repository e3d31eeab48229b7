-- Sessions of agents.

-- name: agent_session_add(text id, text empreinte, text agent, text structure, text preuves, text appareil, text now, text expire) exec
INSERT INTO agent_session (id, empreinte, agent_id, structure_id, preuves, appareil, cree_le, vu_le,
	prouve_le, expire_le)
VALUES (:id, :empreinte, :agent, :structure, :preuves, :appareil, :now, :now, :now, :expire);

-- name: agent_session_row(text empreinte) maybe
SELECT id, agent_id, structure_id, preuves, vu_le, prouve_le, expire_le, ecran, fermee_le
FROM agent_session WHERE empreinte = :empreinte;

-- name: agent_session_token(text id, text empreinte) exec
UPDATE agent_session SET empreinte = :empreinte WHERE id = :id AND fermee_le IS NULL;

-- name: agent_session_proved(text id, text now) exec
UPDATE agent_session SET prouve_le = :now, vu_le = :now, ecran = 0 WHERE id = :id;

-- name: agent_session_cover_set(text id, int ecran) exec
UPDATE agent_session SET ecran = :ecran WHERE id = :id;

-- name: agent_session_end(text id, text now, text par) exec
UPDATE agent_session SET fermee_le = :now, fermee_par = :par
WHERE id = :id AND fermee_le IS NULL;

-- name: agent_session_end_others(text agent, text but, text now, text par) exec
UPDATE agent_session SET fermee_le = :now, fermee_par = :par
WHERE agent_id = :agent AND fermee_le IS NULL AND id <> :but;

-- name: agent_session_rows(text agent, text now) many
SELECT id, appareil, cree_le, vu_le, ecran FROM agent_session
WHERE agent_id = :agent AND fermee_le IS NULL AND expire_le > :now
ORDER BY vu_le DESC, id;

-- name: agent_session_seen(text id, text vu) exec
UPDATE agent_session SET vu_le = :vu WHERE id = :id AND fermee_le IS NULL AND vu_le < :vu;

-- Does any wait to be closed?
-- name: agent_session_over(text idle, text covered, text now) maybe
SELECT id FROM agent_session
WHERE fermee_le IS NULL AND (expire_le <= :now OR vu_le < :covered OR (ecran = 0 AND vu_le < :idle))
LIMIT 1;

-- name: agent_session_end_old(text now) exec
UPDATE agent_session SET fermee_le = :now, fermee_par = 'fin'
WHERE fermee_le IS NULL AND expire_le <= :now;

-- name: agent_session_end_idle(text idle, text covered, text now) exec
UPDATE agent_session SET fermee_le = :now, fermee_par = 'inactivite'
WHERE fermee_le IS NULL AND (vu_le < :covered OR (ecran = 0 AND vu_le < :idle));

-- name: agent_session_forget(text before) exec
DELETE FROM agent_session WHERE fermee_le < :before;
