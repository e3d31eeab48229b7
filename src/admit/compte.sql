-- One's own account.

-- name: compte_courriel(text id, text courriel, text now) exec
UPDATE agent SET courriel = :courriel, maj_le = :now WHERE id = :id;

-- name: compte_courriel_taken(text courriel, text but) maybe
SELECT id FROM agent WHERE courriel = :courriel AND id <> :but;

-- name: compte_langue(text id, text langue, text now) exec
UPDATE agent SET langue = :langue, maj_le = :now WHERE id = :id;

-- name: compte_session_end(text id, text agent, text now) exec
UPDATE agent_session SET fermee_le = :now, fermee_par = 'autre_session'
WHERE id = :id AND agent_id = :agent AND fermee_le IS NULL;
