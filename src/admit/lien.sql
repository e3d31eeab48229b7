-- One-time links: the address holds a code, we its tag.

-- name: lien_add(text empreinte, text sorte, text agent, text navigateur, text cree_par, text now, text expire) exec
INSERT INTO lien (empreinte, sorte, agent_id, navigateur, cree_par, cree_le, expire_le)
VALUES (:empreinte, :sorte, :agent, :navigateur, :cree_par, :now, :expire);

-- name: lien_row(text empreinte) maybe
SELECT sorte, agent_id, navigateur, cree_par, expire_le, utilise_le FROM lien
WHERE empreinte = :empreinte;

-- name: lien_spend(text empreinte, text now) exec
UPDATE lien SET utilise_le = :now WHERE empreinte = :empreinte AND utilise_le IS NULL;

-- name: lien_replace(text agent, text sorte, text now) exec
UPDATE lien SET utilise_le = :now WHERE agent_id = :agent AND sorte = :sorte
	AND utilise_le IS NULL;

-- name: lien_replace_first(text now) exec
UPDATE lien SET utilise_le = :now WHERE agent_id IS NULL AND sorte = 'premier'
	AND utilise_le IS NULL;

-- name: lien_end_of(text agent, text now) exec
UPDATE lien SET utilise_le = :now WHERE agent_id = :agent AND utilise_le IS NULL;

-- When the last invitation that waits was made, and until when it holds.
-- name: lien_waiting(text agent, text now) maybe
SELECT cree_le, expire_le FROM lien WHERE agent_id = :agent AND sorte = 'invitation'
	AND utilise_le IS NULL AND expire_le > :now
ORDER BY cree_le DESC LIMIT 1;
