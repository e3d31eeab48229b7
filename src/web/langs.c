/*
 * The languages: names, plural forms and words of dates.  Plural rules are those of CLDR 42
 * (Debian 12's), in the order of the forms of gettext; tests/oracle/langues compares both.
 */
#include "web/langs.h"

#include <stddef.h>

#define NBSP "\xc2\xa0"         /* U+00A0 */
#define THIN "\xe2\x80\xaf"     /* U+202F, narrow and unbreakable: groups of French digits */

static int plural_french(int64_t n)
{
	return n > 1 || n < -1;
}

static int plural_one(int64_t n)
{
	return n != 1;
}

/* zero, one, two, few, many, other */
static int plural_arabic(int64_t n)
{
	int64_t hundredth = n % 100;

	if (n >= 0 && n <= 2)
		return (int)n;
	return hundredth >= 3 && hundredth <= 10 ? 3 : hundredth >= 11 ? 4 : 5;
}

/* one, few, many */
static int plural_ukrainian(int64_t n)
{
	int64_t unit = n % 10, hundredth = n % 100;

	if (unit == 1 && hundredth != 11)
		return 0;
	return unit >= 2 && unit <= 4 && (hundredth < 12 || hundredth > 14) ? 1 : 2;
}

/* one, few, other */
static int plural_romanian(int64_t n)
{
	if (n == 1)
		return 0;
	return n == 0 || (n % 100 >= 1 && n % 100 <= 19) ? 1 : 2;
}

static int plural_persian(int64_t n)
{
	return n != 0 && n != 1;
}

static const struct lang_words french = {
	.months = { "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
		"septembre", "octobre", "novembre", "décembre" },
	.days = { "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche" },
	.first = "1er", .date = "%d %m %y", .day = "%w %d %m",
	.group = THIN, .decimal = ",", .hour = NBSP "h" NBSP, .full_hour = NBSP "h",
};

static const struct lang_words english = {
	.months = { "January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December" },
	.days = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" },
	.date = "%d %m %y", .day = "%w %d %m", .group = ",", .decimal = ".", .hour = ":",
};

/* Months as in the Maghreb's newspapers and in Egypt's; digits as French papers show them. */
static const struct lang_words arabic = {
	.months = { "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر",
		"أكتوبر", "نوفمبر", "ديسمبر" },
	.days = { "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد" },
	.date = "%d %m %y", .day = "%w، %d %m", .group = ".", .decimal = ",", .hour = ":",
};

static const struct lang_words ukrainian = {
	.months = { "січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня",
		"вересня", "жовтня", "листопада", "грудня" },
	.days = { "понеділок", "вівторок", "середа", "четвер", "пʼятниця", "субота", "неділя" },
	.date = "%d %m %y", .day = "%w, %d %m", .group = NBSP, .decimal = ",", .hour = ":",
};

static const struct lang_words spanish = {
	.months = { "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
		"septiembre", "octubre", "noviembre", "diciembre" },
	.days = { "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo" },
	.date = "%d de %m de %y", .day = "%w, %d de %m", .group = NBSP, .decimal = ",", .hour = ":",
};

static const struct lang_words portuguese = {
	.months = { "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto",
		"setembro", "outubro", "novembro", "dezembro" },
	.days = { "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira",
		"sábado", "domingo" },
	.date = "%d de %m de %y", .day = "%w, %d de %m", .group = NBSP, .decimal = ",", .hour = ":",
};

static const struct lang_words turkish = {
	.months = { "Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos",
		"Eylül", "Ekim", "Kasım", "Aralık" },
	.days = { "Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi", "Pazar" },
	.date = "%d %m %y", .day = "%d %m %w", .group = ".", .decimal = ",", .hour = ":",
};

static const struct lang_words romanian = {
	.months = { "ianuarie", "februarie", "martie", "aprilie", "mai", "iunie", "iulie", "august",
		"septembrie", "octombrie", "noiembrie", "decembrie" },
	.days = { "luni", "marți", "miercuri", "joi", "vineri", "sâmbătă", "duminică" },
	.date = "%d %m %y", .day = "%w, %d %m", .group = ".", .decimal = ",", .hour = ":",
};

/* Months as in Kabul, which people from Iran read too. */
static const struct lang_words dari = {
	.months = { "جنوری", "فبروری", "مارچ", "اپریل", "می", "جون", "جولای", "اگست", "سپتمبر", "اکتوبر",
		"نومبر", "دسمبر" },
	.days = { "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه" },
	.date = "%d %m %y", .day = "%w %d %m", .group = ".", .decimal = ",", .hour = ":",
};

static const struct lang all[] = {
	{ .tag = "fr", .name = "Français", .plural = plural_french, .spaced_marks = true, .relu = true,
	  .words = &french },
	{ .tag = "fr-x-falc", .name = "Français, langage simplifié", .mo = "fr@falc.po.mo",
	  .plural = plural_french, .spaced_marks = true, .partial = true, .words = &french },
	{ .tag = "en", .name = "English", .mo = "en.po.mo", .plural = plural_one,
	  .words = &english },
	{ .tag = "ar", .name = "العربية", .rtl = true, .mo = "ar.po.mo", .plural = plural_arabic,
	  .partial = true, .words = &arabic },
	{ .tag = "uk", .name = "Українська", .mo = "uk.po.mo", .plural = plural_ukrainian,
	  .partial = true, .words = &ukrainian },
	{ .tag = "es", .name = "Español", .mo = "es.po.mo", .plural = plural_one, .partial = true,
	  .words = &spanish },
	{ .tag = "pt", .name = "Português", .mo = "pt.po.mo", .plural = plural_one, .partial = true,
	  .words = &portuguese },
	{ .tag = "tr", .name = "Türkçe", .mo = "tr.po.mo", .plural = plural_one, .partial = true,
	  .words = &turkish },
	{ .tag = "ro", .name = "Română", .mo = "ro.po.mo", .plural = plural_romanian, .partial = true,
	  .words = &romanian },
	{ .tag = "fa", .name = "دری / فارسی", .rtl = true, .mo = "fa.po.mo", .plural = plural_persian,
	  .partial = true, .words = &dari },
};

const struct lang *const langs[] = {
	all, all + 1, all + 2, all + 3, all + 4, all + 5, all + 6, all + 7, all + 8, all + 9, NULL,
};
