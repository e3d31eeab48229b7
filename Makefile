# Tremplin.  `make` builds build/tremplin; `make help` lists the rest.
# BUILD=dir keeps several builds apart; V=1 shows each command; SAN=1 adds the sanitizers; CC=clang works too.
BUILD ?= build
CC = gcc
PREFIX ?= /usr
DESTDIR ?=
V ?= 0
Q = $(if $(filter 1,$(V)),,@echo "  $(@:$(BUILD)/%=%)" && )
VERSION := 0.1.0

WARN = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -Wformat=2 -Werror
HARD = -D_FORTIFY_SOURCE=3 -fstack-clash-protection -fstack-protector-strong \
	-fcf-protection=full -fPIE -ftrivial-auto-var-init=zero \
	-fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing
HARD_LD = -pie -Wl,-z,nodlopen -Wl,-z,noexecstack -Wl,-z,relro -Wl,-z,now -Wl,--as-needed
# Small: no tables to unwind (nothing throws), nothing that is not called, relocations packed
# (glibc 2.36), and templates, which write strings, for size.
OPT = -O2 -g -fno-asynchronous-unwind-tables -fno-unwind-tables -ffunction-sections -fdata-sections
HARD_LD += -Wl,--gc-sections -Wl,-z,pack-relative-relocs
GEN_OPT = -Os
ifneq ($(filter clang%,$(CC)),)
HARD := $(filter-out -ftrivial-auto-var-init=zero,$(HARD))     # clang 14 has it only for trials
endif
ifeq ($(SAN),1)
OPT = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
HARD = -fPIE
HARD_LD = -pie
GEN_OPT =
endif
CPPFLAGS = -D_GNU_SOURCE -Isrc -I$(BUILD)/gen -DTREMPLIN_VERSION='"$(VERSION)"'
CFLAGS = -std=gnu11 $(OPT) $(HARD) $(WARN) -fvisibility=hidden -pthread
GEN_CFLAGS = -Wno-shadow $(GEN_OPT)
LIBS = -levent_core -levent_openssl -levent_pthreads -lsqlite3 -lsodium -largon2 -lssl -lcrypto \
	-ljansson -lcsv -lqrencode -lxlsxwriter -lzip -lexpat -lcjose -lfido2 -loath -lseccomp -lz -lm -pthread

SRC := $(sort $(wildcard src/*/*.c))
HTM := $(sort $(wildcard src/*/*.htm))
SQL := $(sort $(wildcard src/*/*.sql))
PO := $(sort $(wildcard po/*.po))
MIGRATIONS := $(sort $(wildcard migrations/*.sql))
EMBEDDED := $(sort $(shell find assets data -type f 2>/dev/null))
TESTS := $(sort $(wildcard tests/*/*_test.c))
ENUMS := data/lieu_enumerations.csv

GEN_HTM := $(HTM:src/%=$(BUILD)/gen/%.c)
GEN_SQL := $(SQL:src/%=$(BUILD)/gen/%.c)
GEN_CSS := $(patsubst %,$(BUILD)/gen/%,$(filter %.css,$(EMBEDDED)))
GEN_MO := $(PO:%=$(BUILD)/%.mo)
GEN_C := $(GEN_HTM) $(GEN_SQL) $(BUILD)/gen/base/embedded_files.c \
	$(if $(wildcard $(ENUMS)),$(BUILD)/gen/core/lieu_choix.c) $(BUILD)/gen/core/structure_choix.c \
	$(BUILD)/gen/core/calendrier_table.c
GEN_H := $(GEN_HTM:.c=.h) $(GEN_SQL:.c=.h)
OBJ := $(SRC:%.c=$(BUILD)/%.o) $(GEN_C:.c=.o)
LIB_OBJ := $(filter-out $(BUILD)/src/app/main.o,$(OBJ))
TEST_OBJ := $(TESTS:%.c=$(BUILD)/%.o) $(BUILD)/tests/test_main.o

.PHONY: all unit po lint clean help
.SECONDARY:
all: $(BUILD)/tremplin $(BUILD)/layers.ok

help:
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile

$(BUILD)/tremplin: $(OBJ)
	$(Q)$(CC) $(CFLAGS) $(HARD_LD) -o $@ $^ $(LIBS)

# --- what is made from what is declared -------------------------------------------------
$(BUILD)/tools/%: tools/%.c $(wildcard tools/*.h src/base/*.[ch])
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(filter-out $(HARD),$(CFLAGS)) -o $@ $< $(filter %.c,$(wildcard src/base/*.c)) -lsqlite3 -lm

$(BUILD)/tools/htmlc: $(wildcard tools/htmlc*.[ch]) $(wildcard src/base/*.[ch])
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(filter-out $(HARD),$(CFLAGS)) -o $@ $(filter %.c,$^) -lm

$(BUILD)/gen/%.htm.c $(BUILD)/gen/%.htm.h &: src/%.htm $(BUILD)/tools/htmlc
	@mkdir -p $(@D)
	$(Q)$(BUILD)/tools/htmlc $< $(BUILD)/gen/$*.htm.c $(BUILD)/gen/$*.htm.h

$(BUILD)/gen/%.sql.c $(BUILD)/gen/%.sql.h &: src/%.sql $(MIGRATIONS) $(BUILD)/tools/sqlgen
	@mkdir -p $(@D)
	$(Q)$(BUILD)/tools/sqlgen --migrations migrations $< $(BUILD)/gen/$*.sql.c $(BUILD)/gen/$*.sql.h

$(BUILD)/%.po.mo: %.po
	@mkdir -p $(@D)
	$(Q)msgfmt --check --no-hash -o $@ $<

$(BUILD)/gen/core/lieu_choix.c: $(ENUMS) tools/enumc
	@mkdir -p $(@D)
	tools/enumc $(ENUMS) core/lieu.h lieu services:services \
		publics_specifiquement_adresses:publics prise_en_charge_specifique:prises_en_charge \
		frais_a_charge:frais dispositif_programmes_nationaux:dispositifs \
		formations_labels:formations modalites_acces:acces \
		modalites_accompagnement:accompagnements itinerance:itinerances \
		typologie:typologies > $@.tmp && mv $@.tmp $@

$(BUILD)/gen/core/structure_choix.c: data/structure_types.csv tools/enumc
	@mkdir -p $(@D)
	tools/enumc $< core/structure.h structure type:types > $@.tmp && mv $@.tmp $@

$(BUILD)/gen/core/calendrier_table.c: tools/calendrierc data/jours_feries.csv data/zones.csv
	@mkdir -p $(@D)
	$^ > $@.tmp && mv $@.tmp $@

$(BUILD)/gen/assets/%.css: assets/%.css $(BUILD)/tools/cssmin
	@mkdir -p $(@D)
	$(BUILD)/tools/cssmin < $< > $@.tmp && mv $@.tmp $@

$(BUILD)/po/catalogues: $(GEN_MO) $(BUILD)/tools/catalogues
	$(Q)$(BUILD)/tools/catalogues $(GEN_MO) > $@.tmp && mv $@.tmp $@

$(BUILD)/gen/base/embedded_files.c: tools/embed $(EMBEDDED) $(MIGRATIONS) $(BUILD)/po/catalogues $(GEN_CSS) Makefile
	@mkdir -p $(@D)
	tools/embed migrations $(MIGRATIONS) -- files $(filter-out %.css,$(EMBEDDED)) \
		$(foreach c,$(GEN_CSS),$(c:$(BUILD)/gen/%=%)=$(c)) -- mo $(BUILD)/po/catalogues > $@.tmp
	@mv $@.tmp $@

# --- objects ----------------------------------------------------------------------------
$(BUILD)/gen/%.o: $(BUILD)/gen/%.c | $(GEN_H)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(GEN_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/src/%.o: src/%.c | $(GEN_H)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/tests/%.o: tests/%.c | $(GEN_H)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -Itests -I. $(CFLAGS) -Wno-missing-prototypes -MMD -MP -c -o $@ $<
-include $(OBJ:.o=.d) $(TEST_OBJ:.o=.d) $(wildcard $(BUILD)/tests/*/*.d $(BUILD)/bench/*.d)

# --- gates ------------------------------------------------------------------------------
$(BUILD)/layers.ok: tools/layers src/LAYERS $(wildcard src/*/ROOMS) $(wildcard src/*/*.[ch])
	tools/layers src
	@mkdir -p $(@D) && touch $@

$(BUILD)/test: $(LIB_OBJ) $(TEST_OBJ)
	$(Q)$(CC) $(CFLAGS) $(HARD_LD) -o $@ $^ $(LIBS) -lcmocka

$(BUILD)/tests/http/tiny: $(LIB_OBJ) $(BUILD)/tests/http/tiny.o
	$(CC) $(CFLAGS) $(HARD_LD) -o $@ $^ $(LIBS)

# Programs of their own: build/oracle/FOLDER/NAME compares with others, build/crash/NAME is killed.
$(BUILD)/oracle/%: $(BUILD)/tests/oracle/%.o $(LIB_OBJ)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(HARD_LD) -o $@ $^ $(LIBS)
$(BUILD)/crash/%: $(BUILD)/tests/crash/%.o $(LIB_OBJ)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(HARD_LD) -o $@ $^ $(LIBS)
$(BUILD)/bench/%: $(BUILD)/bench/%.o $(LIB_OBJ)
	$(CC) $(CFLAGS) $(HARD_LD) -o $@ $^ $(LIBS)
$(BUILD)/bench/%.o: bench/%.c | $(GEN_H)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -c -o $@ $<

# The program with a fault that tests/confined asks for; nothing of it is in the one installed.
FAULT := modules sandbox landlock role
FAULT_OBJ := $(FAULT:%=$(BUILD)/confined/src/app/%.o) $(BUILD)/confined/tests/confined/fault.o
$(BUILD)/confined/%.o: %.c | $(GEN_H)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -DTREMPLIN_FAULT -I. $(CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/confined/tremplin: $(FAULT_OBJ) $(filter-out $(FAULT:%=$(BUILD)/src/app/%.o),$(OBJ))
	$(Q)$(CC) $(CFLAGS) $(HARD_LD) -o $@ $^ $(LIBS)
$(BUILD)/confined/launch: tests/confined/launch.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $< -lseccomp
-include $(FAULT_OBJ:.o=.d)

unit: $(BUILD)/test ## the unit tests; T=word runs those whose name contains it
	$(BUILD)/test $(T)

# --- where things belong ------------------------------------------------------------------------
I = $(DESTDIR)$(PREFIX)
.PHONY: install
install: all ## puts binary, unit, man page and completion under DESTDIR/PREFIX
	install -d $(I)/bin $(I)/lib/systemd/system $(I)/share/man/man1 \
		$(I)/share/bash-completion/completions $(I)/share/doc/tremplin
	install -m 755 -s $(BUILD)/tremplin $(I)/bin/tremplin
	sed 's|@PREFIX@|$(PREFIX)|' packaging/tremplin.service > $(I)/lib/systemd/system/tremplin.service
	$(BUILD)/tremplin --man | gzip -9n > $(I)/share/man/man1/tremplin.1.gz
	$(BUILD)/tremplin --completion > $(I)/share/bash-completion/completions/tremplin
	install -m 644 LICENSE README.md LISEZMOI.md $(I)/share/doc/tremplin

# --- fuzz: clang's libFuzzer over everything, one program a target ---------------------------
FUZZ := $(patsubst fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard fuzz/*.c))
.PHONY: fuzz fuzz-targets
fuzz: ## every fuzz target on its corpus, 120 s together
	script/fuzz 120
ifneq ($(filter fuzz-targets,$(MAKECMDGOALS)),)
CC = clang
OPT = -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
HARD = -fPIE
HARD_LD = -pie
endif
fuzz-targets: $(FUZZ)
$(BUILD)/fuzz/htmlc: fuzz/htmlc.c $(wildcard tools/htmlc_*.c) $(filter $(BUILD)/src/base/%,$(LIB_OBJ))
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -I. $(filter-out -Wmissing-prototypes,$(CFLAGS)) -Wno-missing-prototypes \
		-fsanitize=fuzzer -pie -o $@ $^ -lm
$(BUILD)/fuzz/%: fuzz/%.c $(LIB_OBJ)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -I. $(filter-out -Wmissing-prototypes,$(CFLAGS)) -Wno-missing-prototypes \
		-fsanitize=fuzzer -pie -o $@ $< $(LIB_OBJ) $(LIBS)

.PHONY: bench
bench: all ## speed and size, beside others' programs in the same run (bench/RESULTS.md)
	bench/http $(BUILD)/tremplin
	bench/store
	bench/journal
	bench/mandats $(BUILD)/tremplin
	bench/login $(BUILD)/tremplin
	bench/indice
	bench/acces
	bench/import $(BUILD)/tremplin
	bench/instruments
	bench/observatoire $(BUILD)/tremplin

po: $(GEN_C) ## reads the messages of the sources into po/tremplin.pot and po/*.po
	tools/po $(BUILD)

lint: $(GEN_C) ## what the style refuses; catalogues that lack a message
	tools/lint
	tools/po-check $(BUILD)

clean: ## forgets what was built
	rm -rf $(BUILD)
