#include "app/cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

/* How many words of argv are the words of this command; 0 when it is another one. */
static int words_match(const struct command *c, int argc, const char **argv)
{
	const char *w = c->words;
	int n = 0;

	while (*w) {
		size_t k = strcspn(w, " ");

		if (n >= argc || strlen(argv[n]) != k || memcmp(argv[n], w, k))
			return 0;
		n++;
		w += k + (w[k] == ' ');
	}
	return n;
}

static const struct command *find(const struct command *const *tables, int argc,
				  const char **argv, int *nwords)
{
	for (; *tables; tables++) {
		for (const struct command *c = *tables; c->words; c++) {
			*nwords = words_match(c, argc, argv);
			if (*nwords)
				return c;
		}
	}
	return NULL;
}

void cli_list(const struct command *const *tables, FILE *out)
{
	fputs("Tremplin " TREMPLIN_VERSION
	      " : repérer, orienter, accompagner, avec ou sans ordinateur.\n\n"
	      "Usage : tremplin COMMANDE [OPTIONS]\n\n", out);
	for (; *tables; tables++) {
		for (const struct command *c = *tables; c->words; c++)
			fprintf(out, "  %-22s %s\n", c->words, c->summary);
	}
	fputs("\n« tremplin COMMANDE --help » montre les options et un exemple.\n"
	      "Pour essayer tout de suite : tremplin demo\n", out);
}

void cli_help(const struct command *c, FILE *out)
{
	fprintf(out, "%s\n\nUsage : tremplin %s [OPTIONS]%s%s\n\n", c->summary, c->words,
		c->args ? " " : "", c->args ? c->args : "");
	for (const struct command_option *o = c->options; o && o->name; o++) {
		char head[64];

		snprintf(head, sizeof head, "%s%s%s", o->name, o->value ? " " : "",
			 o->value ? o->value : "");
		fprintf(out, "  %-24s %s%s\n", head, o->help,
			o->required ? " (obligatoire)" : "");
	}
	fprintf(out, "  %-24s %s\n", "--json", "écrit le résultat en JSON");
	fprintf(out, "  %-24s %s\n\nExemple :\n  %s\n", "--help", "montre ceci", c->example);
}

PRINTF(2, 3)
static int usage(const struct command *c, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "tremplin %s : ", c->words);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nVoir : tremplin %s --help\n", c->words);
	return EXIT_USAGE;
}

static int option_at(const struct command *c, const char *name, size_t n)
{
	for (int i = 0; c->options && c->options[i].name; i++) {
		if (strlen(c->options[i].name) == n && !memcmp(c->options[i].name, name, n))
			return i;
	}
	return -1;
}

/* Reads one option at argv[*i]; 0, or the exit code. */
static int read_option(struct call *call, int argc, const char **argv, int *i)
{
	const char *word = argv[*i], *equal = strchr(word, '=');
	size_t n = equal ? (size_t)(equal - word) : strlen(word);
	int at = option_at(call->command, word, n);
	const struct command_option *o;

	if (!strcmp(word, "--json")) {
		call->json = true;
		return 0;
	}
	if (at < 0)
		return usage(call->command, "l’option %s n’existe pas.", word);
	o = &call->command->options[at];
	if (call->values[at])
		return usage(call->command, "l’option %s est donnée deux fois.", o->name);
	if (!o->value) {
		if (equal)
			return usage(call->command, "l’option %s ne prend pas de valeur.",
				     o->name);
		call->values[at] = "";
		return 0;
	}
	if (equal)
		call->values[at] = equal + 1;
	else if (*i + 1 < argc)
		call->values[at] = argv[++*i];
	else
		return usage(call->command, "il manque une valeur après %s.", o->name);
	return 0;
}

static int read_words(struct call *call, int argc, const char **argv)
{
	bool only_args = false;
	int code;

	for (int i = 0; i < argc; i++) {
		if (!only_args && !strcmp(argv[i], "--"))
			only_args = true;
		else if (!only_args && argv[i][0] == '-' && argv[i][1] == '-') {
			code = read_option(call, argc, argv, &i);
			if (code)
				return code;
		} else {
			call->args[call->nargs++] = argv[i];
		}
	}
	for (int i = 0; call->command->options && call->command->options[i].name; i++) {
		if (call->command->options[i].required && !call->values[i])
			return usage(call->command, "il manque l’option %s.",
				     call->command->options[i].name);
	}
	if (call->nargs < call->command->min_args)
		return usage(call->command, "il manque : %s.", call->command->args);
	if (call->command->max_args >= 0 && call->nargs > call->command->max_args)
		return usage(call->command, "« %s » est de trop.",
			     call->args[call->command->max_args]);
	return 0;
}

static bool asks_help(int argc, const char **argv)
{
	for (int i = 0; i < argc && strcmp(argv[i], "--"); i++) {
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			return true;
	}
	return false;
}

static int run(const struct command *c, const struct env *env, int argc, const char **argv)
{
	struct call call = { .command = c, .env = env, .out = stdout };
	const char **args = calloc((size_t)argc + 1, sizeof *args);
	struct err e = { 0 };
	int code;

	if (!args)
		abort();
	call.args = args;
	code = read_words(&call, argc, argv);
	if (!code && !c->run(&call, &e)) {
		progress_end();
		fprintf(stderr, "tremplin %s : %s\n", c->words, e.msg);
		if (e.hint[0])
			fprintf(stderr, "%s\n", e.hint);
		code = 1;
	}
	if (!code && (fflush(stdout) || ferror(stdout))) {
		fprintf(stderr, "tremplin %s : la sortie n’a pas pu être écrite.\n", c->words);
		code = 1;
	}
	free(args);
	return code;
}

int cli_run(const struct command *const *tables, const struct env *env, int argc,
	    const char **argv)
{
	const struct command *c;
	int nwords = 0;

	if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")
	    || !strcmp(argv[1], "help")) {
		cli_list(tables, argc < 2 ? stderr : stdout);
		return argc < 2 ? EXIT_USAGE : 0;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("tremplin " TREMPLIN_VERSION);
		return 0;
	}
	if (!strcmp(argv[1], "--man") || !strcmp(argv[1], "--completion")) {
		(argv[1][2] == 'm' ? cli_man : cli_completion)(tables, stdout);
		return 0;
	}
	c = find(tables, argc - 1, argv + 1, &nwords);
	if (!c) {
		fprintf(stderr, "tremplin : la commande « %s » n’existe pas.\n"
			"Voir : tremplin --help\n", argv[1]);
		return EXIT_USAGE;
	}
	if (asks_help(argc - 1 - nwords, argv + 1 + nwords)) {
		cli_help(c, stdout);
		return 0;
	}
	return run(c, env, argc - 1 - nwords, argv + 1 + nwords);
}

/* Text for roff: a leading point, quotes and backslashes are words, not orders. */
static void roff(const char *s, FILE *out)
{
	if (*s == '.' || *s == '\'')
		fputs("\\&", out);
	for (; *s; s++) {
		if (*s == '\\')
			fputs("\\e", out);
		else if (*s == '-')
			fputs("\\-", out);
		else
			fputc(*s, out);
	}
}

static void man_command(const struct command *c, FILE *out)
{
	fputs(".SS ", out);
	roff(c->words, out);
	fputs("\n", out);
	roff(c->summary, out);
	fputs("\n", out);
	for (const struct command_option *o = c->options; o && o->name; o++) {
		fputs(".TP\n.B ", out);
		roff(o->name, out);
		if (o->value)
			fprintf(out, " \\fI%s\\fR", o->value);
		fputs("\n", out);
		roff(o->help, out);
		fputs("\n", out);
	}
	fputs(".PP\nExemple :\n.PP\n.nf\n.RS\n", out);
	roff(c->example, out);
	fputs("\n.RE\n.fi\n", out);
}

void cli_man(const struct command *const *tables, FILE *out)
{
	fputs(".TH TREMPLIN 1 \"\" \"Tremplin " TREMPLIN_VERSION "\" \"Tremplin\"\n"
	      ".SH NOM\ntremplin \\- l\\(cqinclusion num\\('erique d\\(cqun territoire, "
	      "sur un petit serveur\n"
	      ".SH SYNOPSIS\n.B tremplin\n.I commande\n[\\fIoptions\\fR]\n"
	      ".SH COMMANDES\n", out);
	for (; *tables; tables++) {
		for (const struct command *c = *tables; c->words; c++)
			man_command(c, out);
	}
	fputs(".SH CODES DE RETOUR\n0 : fait. 1 : refus\\('e ou \\('echou\\('e. "
	      "2 : commande mal \\('ecrite.\n", out);
}

void cli_completion(const struct command *const *tables, FILE *out)
{
	fputs("# bash completion of tremplin, made by « tremplin --completion »\n"
	      "_tremplin()\n{\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} line=\" ${COMP_WORDS[*]:1} \"\n"
	      "\tlocal words=\n\tcase $line in\n", out);
	for (const struct command *const *t = tables; *t; t++) {
		for (const struct command *c = *t; c->words; c++) {
			fprintf(out, "\t\" %s \"*) words='", c->words);
			for (const struct command_option *o = c->options; o && o->name; o++)
				fprintf(out, "%s ", o->name);
			fputs("--json --help' ;;\n", out);
		}
	}
	fputs("\t*) words='", out);
	for (const struct command *const *t = tables; *t; t++) {
		for (const struct command *c = *t; c->words; c++)
			fprintf(out, "%s ", c->words);
	}
	fputs("' ;;\n\tesac\n\tif [[ $cur == -* || $COMP_CWORD -le 2 ]]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	      "\telse\n\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n\tfi\n}\n"
	      "complete -o filenames -F _tremplin tremplin\n", out);
}
