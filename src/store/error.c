/* What the engine refuses, said for a person. */
#include <errno.h>

#include "base/log.h"
#include "store/inside.h"

static bool full(const struct db *db, struct err *e)
{
	fail(e, E_STORE, "Le disque est plein : rien n'a été enregistré.");
	return hint(e, "Libérez de la place là où se trouve %.120s ; le service reprendra de "
		    "lui-même.", db->store->dir);
}

static bool unwritable(const struct db *db, struct err *e)
{
	fail(e, E_STORE, "Le dossier %.200s ne peut pas être ouvert ou écrit.", db->store->dir);
	return hint(e, "Vérifiez qu'il existe, à qui il appartient, et que le disque n'est pas en "
		    "lecture seule.");
}

static bool damaged(const struct db *db, struct err *e)
{
	fail(e, E_STORE, "Le fichier %.200s est abîmé.", db->store->file);
	return hint(e, "Arrêtez le service, puis : tremplin restore --data %.100s SAUVEGARDE "
		    "(la dernière est dans sauvegardes/).", db->store->dir);
}

static bool refused_value(int rc, struct err *e)
{
	switch (rc) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
	case SQLITE_CONSTRAINT_ROWID:
		fail(e, E_CONFLICT, "Cela existe déjà.");
		return hint(e, "Rechargez la page pour voir ce qui est enregistré.");
	case SQLITE_CONSTRAINT_FOREIGNKEY:
		fail(e, E_CONFLICT, "Cela renvoie à quelque chose qui n'existe pas, ou plus.");
		return hint(e, "Rechargez la page, puis recommencez.");
	}
	return fail(e, E_INPUT, "Une valeur n'est pas admise : rien n'a été enregistré.");
}

static bool disk_error(const struct db *db, int rc, int no, struct err *e)
{
	if (no == ENOSPC || no == EDQUOT)
		return full(db, e);
	if (no == EROFS || no == EACCES || no == EPERM)
		return unwritable(db, e);
	fail(e, E_STORE, "Le disque a refusé une lecture ou une écriture (erreur %d) : rien n'a "
	     "été enregistré.", rc);
	return hint(e, "Regardez l'état du disque (dmesg) ; une copie est dans sauvegardes/.");
}

bool db_fail(const struct db *db, int rc, const char *what, struct err *e)
{
	int no = db->c ? sqlite3_system_errno(db->c) : errno;

	if (db->c && sqlite3_extended_errcode(db->c) != SQLITE_OK)
		rc = sqlite3_extended_errcode(db->c);
	switch (rc & 0xff) {
	case SQLITE_CONSTRAINT:
		return refused_value(rc, e);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		fail(e, E_BUSY, "Une autre opération écrit en ce moment.");
		return hint(e, "Réessayez dans quelques secondes.");
	}
	log_error("store: %s: %s (%d)", what, db->c ? sqlite3_errmsg(db->c) : "no connection", rc);
	switch (rc & 0xff) {
	case SQLITE_FULL:
		return full(db, e);
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		return no == ENOSPC || no == EDQUOT ? full(db, e) : unwritable(db, e);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return damaged(db, e);
	case SQLITE_IOERR:
		return disk_error(db, rc, no, e);
	case SQLITE_NOMEM:
	case SQLITE_TOOBIG:
		fail(e, E_LIMIT, "Cette opération demande plus de mémoire que permis.");
		return hint(e, "Demandez-en moins à la fois.");
	}
	fail(e, E_STORE, "La base a refusé une opération (%.60s).", what);
	return hint(e, "C'est une erreur du programme : le journal du service en dit plus.");
}
