-- Brakes that survive a restart.

-- name: frein_put(text cle, int essais, text dernier, text jusque) exec
INSERT INTO frein (cle, essais, dernier_le, jusque_le) VALUES (:cle, :essais, :dernier, :jusque)
ON CONFLICT (cle) DO UPDATE SET essais = excluded.essais, dernier_le = excluded.dernier_le,
	jusque_le = excluded.jusque_le;

-- name: frein_drop(text cle) exec
DELETE FROM frein WHERE cle = :cle;

-- name: frein_drop_old(text before) exec
DELETE FROM frein WHERE dernier_le < :before;

-- name: frein_rows(text since, int most) many
SELECT cle, essais, dernier_le, jusque_le FROM frein WHERE dernier_le >= :since
ORDER BY dernier_le DESC, cle LIMIT :most;
