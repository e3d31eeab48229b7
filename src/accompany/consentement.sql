-- Consent from afar: questions and what came back.

-- name: consentement_put(text id, text mandat, text canal, text telephone, text agent_1, text agent_2, text le, text expire) exec
INSERT INTO consentement (id, mandat_id, canal, telephone, etat, agent_1, agent_2, cree_le, expire_le)
VALUES (:id, :mandat, :canal, :telephone, 'attente', :agent_1, :agent_2, :le, :expire);

-- name: consentement_take_back(text mandat) exec
UPDATE consentement SET etat = 'repris' WHERE mandat_id = :mandat AND etat = 'attente';

-- name: consentement_last(text mandat) maybe
SELECT id, etat, telephone, essais, oui_le, preuve_le, expire_le FROM consentement
WHERE mandat_id = :mandat ORDER BY id DESC LIMIT 1;

-- The questions that wait at this number, the newest last: one number may serve several people.

-- name: consentement_waiting(text telephone, text le) many
SELECT c.id, c.mandat_id, c.essais, c.oui_le, c.cree_le, m.usager_id, m.structure_id, u.langue
FROM consentement c JOIN mandat m ON m.id = c.mandat_id JOIN usager u ON u.id = m.usager_id
WHERE c.telephone = :telephone AND c.etat = 'attente' AND c.expire_le > :le ORDER BY c.id;

-- name: consentement_yes(text id, text le) exec
UPDATE consentement SET oui_le = :le WHERE id = :id AND etat = 'attente' AND oui_le IS NULL;

-- name: consentement_end(text id, text etat) exec
UPDATE consentement SET etat = :etat WHERE id = :id AND etat = 'attente';

-- name: consentement_again(text id) exec
UPDATE consentement SET essais = essais + 1 WHERE id = :id;

-- name: consentement_proved(text id, text preuve, text le) exec
UPDATE consentement SET preuve = :preuve, preuve_le = :le WHERE id = :id AND etat = 'attente';

-- name: consentement_silent(text le) many
SELECT c.id, c.mandat_id FROM consentement c WHERE c.etat = 'attente' AND c.expire_le <= :le ORDER BY c.id LIMIT 200;

-- name: mandat_silent(text id) exec
UPDATE mandat SET etat = 'abandonne' WHERE id = :id AND etat IN ('prepare', 'demande');

-- name: reponse_unread() many
SELECT id, expediteur, texte, recu_le FROM envoi_reponse WHERE lu_le IS NULL ORDER BY id LIMIT 50;

-- name: reponse_set_read(text id, text le) exec
UPDATE envoi_reponse SET lu_le = :le, texte = '' WHERE id = :id AND lu_le IS NULL;
