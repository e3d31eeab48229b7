/*
 * cssmin < sheet : the style sheet without what only its authors read: comments, spaces
 * that part nothing, the last semicolon of a block.  Strings stay as they are.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* A space before or after one of these parts nothing. */
static bool stands_alone(int c)
{
	return c && strchr("{};,>", c);
}

static int after_comment(void)
{
	int c = getchar(), before = 0;

	while (c != EOF && !(before == '*' && c == '/')) {
		before = c;
		c = getchar();
	}
	return ' ';
}

static void string(int quote)
{
	int c = quote;

	do {
		putchar(c);
		if (c == '\\')
			putchar(getchar());
		c = getchar();
	} while (c != EOF && c != quote);
	putchar(quote);
}

/* The next byte that counts; a comment is a space. */
static int next(void)
{
	int c = getchar();

	if (c == '/') {
		int d = getchar();

		if (d == '*')
			return after_comment();
		ungetc(d, stdin);
	}
	return isspace(c) ? ' ' : c;
}

int main(void)
{
	int last = '{', depth = 0;      /* what was written last; open parentheses */
	bool space = false, semicolon = false;

	for (int c = next(); c != EOF; c = next()) {
		if (c == ' ') {
			space = true;
			continue;
		}
		if (semicolon && c != '}')
			putchar(';');
		if (space && !stands_alone(last) && !stands_alone(c)
		    && !(last == ':' && !depth))
			putchar(' ');
		space = false;
		semicolon = c == ';';
		depth += (c == '(') - (c == ')');
		last = c;
		if (c == '"' || c == '\'')
			string(c);
		else if (c != ';')
			putchar(c);
	}
	return fflush(stdout) || ferror(stdout) || ferror(stdin);
}
