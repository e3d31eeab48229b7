-- What a person reads of what was done in their name.

-- name: histoire_add(text id, text usager, text structure, text agent, text genre, text demarche, text texte, text objet, int? numero, text le) exec
INSERT INTO histoire (id, usager_id, structure_id, agent_id, genre, demarche, texte, objet, numero, le)
VALUES (:id, :usager, :structure, :agent, :genre, :demarche, :texte, :objet, :numero, :le);

-- name: histoire_rows(text usager, int tout, text suite, int most) many
SELECT h.id, h.le, h.genre, h.demarche, h.texte, h.objet, h.numero, h.masque, a.prenom, a.nom, s.nom AS structure
FROM histoire h LEFT JOIN agent a ON a.id = h.agent_id JOIN structure s ON s.id = h.structure_id
WHERE h.usager_id = :usager AND (:tout = 1 OR h.masque = 0) AND h.id < :suite
ORDER BY h.id DESC LIMIT :most;

-- name: histoire_hide(text usager, text id, int masque) exec
UPDATE histoire SET masque = :masque WHERE id = :id AND usager_id = :usager;

-- name: desaccord_put(text id, text usager, text structure, text histoire, text texte, text le) exec
INSERT INTO desaccord (id, usager_id, structure_id, histoire_id, texte, etat, le)
VALUES (:id, :usager, :structure, :histoire, :texte, 'ouvert', :le);

-- name: histoire_where(text usager, text id) maybe
SELECT structure_id FROM histoire WHERE id = :id AND usager_id = :usager;

-- name: desaccord_of_usager(text usager) many
SELECT d.id, d.texte, d.etat, d.reponse, d.le, d.repondu_le, d.dpo_le, s.nom AS structure
FROM desaccord d JOIN structure s ON s.id = d.structure_id WHERE d.usager_id = :usager ORDER BY d.id DESC;

-- name: desaccord_of_structure(text structure) many
SELECT d.id, d.texte, d.etat, d.reponse, d.le, d.dpo_le, h.texte AS ligne, h.demarche, h.le AS ligne_le, u.numero
FROM desaccord d JOIN usager u ON u.id = d.usager_id LEFT JOIN histoire h ON h.id = d.histoire_id
WHERE d.structure_id = :structure ORDER BY d.etat DESC, d.id DESC LIMIT 100;

-- name: desaccord_answer(text id, text structure, text reponse, text agent, text le) exec
UPDATE desaccord SET etat = 'repondu', reponse = :reponse, repondu_par = :agent, repondu_le = :le
WHERE id = :id AND structure_id = :structure AND etat <> 'repondu';

-- name: desaccord_row(text id) maybe
SELECT usager_id, structure_id FROM desaccord WHERE id = :id;

-- name: desaccord_late(text before) many
SELECT d.id, d.structure_id, d.usager_id, l.dpo FROM desaccord d
LEFT JOIN structure_limite l ON l.structure_id = d.structure_id
WHERE d.etat = 'ouvert' AND d.le <= :before ORDER BY d.id LIMIT 200;

-- name: desaccord_to_dpo(text id, text le) exec
UPDATE desaccord SET etat = 'dpo', dpo_le = :le WHERE id = :id AND etat = 'ouvert';
