-- People who are helped, and how they come in.

-- name: usager_row(text id) maybe
SELECT id, structure_id, numero, nom, naissance, telephone, telephone_sur, langue, garde, secret, essais
FROM usager WHERE id = :id AND efface_le IS NULL;

-- name: usager_row_by_numero(text numero) maybe
SELECT id, structure_id, numero, nom, naissance, telephone, telephone_sur, langue, garde, secret, essais
FROM usager WHERE numero = :numero AND efface_le IS NULL;

-- name: usager_rows_by_telephone(text telephone) many
SELECT id, structure_id, numero, nom, naissance, telephone, telephone_sur, langue, garde, secret, essais
FROM usager WHERE telephone = :telephone AND telephone_sur = 1 AND garde = 'espace' AND efface_le IS NULL
ORDER BY id;

-- name: usager_put(text id, text structure, text numero, text nom, text naissance, text telephone, int telephone_sur, text langue, text garde, text agent, text le) exec
INSERT INTO usager (id, structure_id, numero, nom, naissance, telephone, telephone_sur, langue, garde,
	cree_par, cree_le, maj_le)
VALUES (:id, :structure, :numero, :nom, :naissance, :telephone, :telephone_sur, :langue, :garde, :agent,
	:le, :le);

-- name: usager_set(text id, text nom, text naissance, text telephone, int telephone_sur, text langue, text garde, text le) exec
UPDATE usager SET nom = :nom, naissance = :naissance, telephone = :telephone, telephone_sur = :telephone_sur,
	langue = :langue, garde = :garde, maj_le = :le WHERE id = :id;

-- name: usager_set_secret(text id, text secret, text le) exec
UPDATE usager SET secret = :secret, essais = 0, maj_le = :le WHERE id = :id;

-- name: usager_fail(text id) exec
UPDATE usager SET essais = essais + 1 WHERE id = :id;

-- name: usager_forgive(text id) exec
UPDATE usager SET essais = 0 WHERE id = :id AND essais > 0;

-- name: usager_codes_drop(text id) exec
DELETE FROM usager_code WHERE usager_id = :id;

-- name: usager_code_put(text id, int rang, text empreinte) exec
INSERT INTO usager_code (usager_id, rang, empreinte) VALUES (:id, :rang, :empreinte);

-- name: usager_code_use(text id, text empreinte, text le) exec
UPDATE usager_code SET utilise_le = :le WHERE usager_id = :id AND empreinte = :empreinte AND utilise_le IS NULL;

-- name: usager_session_put(text empreinte, text usager, text preuve, text le, text expire) exec
INSERT INTO usager_session (empreinte, usager_id, preuve, cree_le, expire_le)
VALUES (:empreinte, :usager, :preuve, :le, :expire);

-- name: usager_session_row(text empreinte, text le) maybe
SELECT s.preuve, u.id, u.structure_id, u.numero, u.nom, u.naissance, u.telephone, u.telephone_sur, u.langue,
	u.garde, u.secret, u.essais
FROM usager_session s JOIN usager u ON u.id = s.usager_id
WHERE s.empreinte = :empreinte AND s.fermee_le IS NULL AND s.expire_le > :le AND u.efface_le IS NULL;

-- name: usager_session_end(text empreinte, text le) exec
UPDATE usager_session SET fermee_le = :le WHERE empreinte = :empreinte AND fermee_le IS NULL;

-- name: usager_sessions_end(text usager, text le) exec
UPDATE usager_session SET fermee_le = :le WHERE usager_id = :usager AND fermee_le IS NULL;
