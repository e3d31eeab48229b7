-- Places that went out of sight: who copies our exports must know that they did.  The store
-- itself keeps count, so that no way of hiding a place forgets to.  One that is hidden in the
-- transaction that made it was never seen, and is not told.

CREATE TABLE lieu_sorti (               -- was published, and is not any more
	lieu_id TEXT NOT NULL PRIMARY KEY,      -- no reference: the place itself may be erased
	le TEXT NOT NULL                -- when; nothing else is told of it
) STRICT;

CREATE TRIGGER lieu_sorti_note AFTER UPDATE OF publication ON lieu -- sqlite:
WHEN OLD.publication = 'publie' AND NEW.publication <> 'publie' -- sqlite:
	AND NEW.cree_le < NEW.maj_le BEGIN -- sqlite:
	INSERT INTO lieu_sorti (lieu_id, le) VALUES (NEW.id, NEW.maj_le) -- sqlite:
	ON CONFLICT (lieu_id) DO UPDATE SET le = excluded.le; -- sqlite:
END; -- sqlite:

CREATE TRIGGER lieu_sorti_oubli AFTER UPDATE OF publication ON lieu -- sqlite:
WHEN OLD.publication <> 'publie' AND NEW.publication = 'publie' BEGIN -- sqlite:
	DELETE FROM lieu_sorti WHERE lieu_id = NEW.id; -- sqlite:
END; -- sqlite:

CREATE TRIGGER lieu_sorti_efface AFTER DELETE ON lieu WHEN OLD.publication = 'publie' BEGIN -- sqlite:
	INSERT INTO lieu_sorti (lieu_id, le) -- sqlite:
	VALUES (OLD.id, strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) -- sqlite:
	ON CONFLICT (lieu_id) DO UPDATE SET le = excluded.le; -- sqlite:
END; -- sqlite:

CREATE FUNCTION lieu_sorti_note() RETURNS trigger LANGUAGE plpgsql AS -- pg:
'BEGIN ' -- pg:
'IF TG_OP = ''DELETE'' THEN ' -- pg:
'IF OLD.publication = ''publie'' THEN INSERT INTO lieu_sorti (lieu_id, le) ' -- pg:
'VALUES (OLD.id, to_char(now() AT TIME ZONE ''UTC'', ''YYYY-MM-DD"T"HH24:MI:SS"Z"'')) ' -- pg:
'ON CONFLICT (lieu_id) DO UPDATE SET le = excluded.le; END IF; ' -- pg:
'ELSIF NEW.publication = ''publie'' THEN DELETE FROM lieu_sorti WHERE lieu_id = NEW.id; ' -- pg:
'ELSIF OLD.publication = ''publie'' AND NEW.cree_le < NEW.maj_le THEN INSERT INTO lieu_sorti (lieu_id, le) ' -- pg:
'VALUES (NEW.id, NEW.maj_le) ON CONFLICT (lieu_id) DO UPDATE SET le = excluded.le; END IF; ' -- pg:
'RETURN NULL; END'; -- pg:
CREATE TRIGGER lieu_sorti_note AFTER UPDATE OF publication OR DELETE ON lieu -- pg:
FOR EACH ROW EXECUTE FUNCTION lieu_sorti_note(); -- pg:
