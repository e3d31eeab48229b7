# communes.R make DIR: a survey, margins and communes, as files.  communes.R check DIR: what
# `estimation compute` found (estimation.csv), and its replicates (tirages), by survey::rake,
# laeken::calibWeights and R's quantile.  Respondents are those of laeken's eusilc.
suppressPackageStartupMessages({ library(survey); library(laeken) })
args <- commandArgs(TRUE)
dir <- args[2]
path <- function(f) file.path(dir, f)
age <- c("16-29", "30-44", "45-59", "60-74", "75+")
taille <- c("1", "2", "3-4", "5+")

make <- function() {
	set.seed(6)
	data(eusilc)
	e <- eusilc[eusilc$age >= 16, ]
	e <- e[sample(nrow(e), 900), ]
	d <- data.frame(code = seq_len(nrow(e)), w = round(e$rb050, 3), region = e$db040,
		age = cut(e$age, c(15, 29, 44, 59, 74, 200), labels = age),
		taille = cut(e$hsize, c(0, 1, 2, 4, 99), labels = taille), sexe = e$rb090,
		pauvre = ifelse(e$eqIncome < 10000, "oui", "non"))
	write.csv(d, path("enquete.csv"), row.names = FALSE, quote = FALSE)
	communes <- sprintf("010%02d", 1:9)
	write.csv(data.frame(code = communes, nom = paste("Commune", 1:9), departement = "01", region = "84",
		epci = ifelse(1:9 < 5, "200000001", "200000002"), ept = "", population = 1000, codes_postaux = "01000",
		lat = 46 + 1:9 / 100, lon = 5.2, surface_km2_approx = 10), path("communes.csv"), row.names = FALSE, quote = FALSE)
	m <- do.call(rbind, lapply(communes, function(c) {
		N <- round(10^runif(1, 2, 4.5))
		one <- function(v, names) { x <- runif(length(names), .3, 1); data.frame(code = c, variable = v, modalite = names, nombre = x / sum(x) * N) }
		rbind(one("age", age), one("taille", taille), one("sexe", c("female", "male")))
	}))
	m$nombre <- formatC(m$nombre, digits = 15, format = "g")
	write.csv(m, path("marges.csv"), row.names = FALSE, quote = FALSE)
}

passed <- 0
failed <- 0
check <- function(what, ok) {
	if (isTRUE(ok)) passed <<- passed + 1 else { failed <<- failed + 1; cat("differs:", what, "\n") }
}
near <- function(x, y, by) abs(x - y) <= by * (1 + abs(y))

verify <- function() {
	d <- read.csv(path("enquete.csv"), stringsAsFactors = FALSE)
	for (v in c("age", "taille", "sexe")) d[[v]] <- factor(d[[v]])
	m <- read.csv(path("marges.csv"), colClasses = c("character", "character", "character", "numeric"))
	out <- read.csv(path("estimation.csv"), colClasses = c(code = "character"))
	draws <- as.matrix(read.table(path("tirages")))
	raked <- function(w, of) {
		des <- svydesign(ids = ~1, weights = w, data = d)
		population <- lapply(c("age", "taille", "sexe"), function(v) {
			x <- of[of$variable == v, ]
			setNames(data.frame(factor(x$modalite, levels = levels(d[[v]])), x$nombre), c(v, "Freq"))
		})
		weights(rake(des, list(~age, ~taille, ~sexe), population, control = list(maxit = 5000, epsilon = 1e-13)))
	}
	sums <- list()
	for (c in unique(m$code)) {
		of <- m[m$code == c, ]
		row <- out[out$niveau == "commune" & out$code == c & out$resultat == "oui", ]
		w <- raked(d$w, of)
		n <- sum(w[d$pauvre == "oui"])
		check(paste(c, "survey::rake", row$nombre, n), near(row$nombre, n, 1e-6))
		X <- cbind(model.matrix(~ 0 + age, d), model.matrix(~ taille + sexe, d)[, -1])
		totals <- setNames(of$nombre, paste0(of$variable, of$modalite))[colnames(X)]
		g <- calibWeights(X, d$w, totals, method = "raking", maxit = 1000, tol = 1e-14)
		check(paste(c, "laeken::calibWeights"), near(row$nombre, sum((d$w * g)[d$pauvre == "oui"]), 1e-6))
		r <- apply(draws, 1, function(x) sum(raked(x, of)[d$pauvre == "oui"]))
		q <- quantile(r, c(.025, .975), names = FALSE)
		check(paste(c, "interval", row$nombre_bas, q[1]), near(row$nombre_bas, q[1], 1e-5) && near(row$nombre_haut, q[2], 1e-5))
		sums[[c]] <- r
		check(paste(c, "base"), near(row$base, sum(of$nombre[of$variable == "age"]), 1e-6))
	}
	# an EPCI: the sum of its communes, replicate by replicate
	e <- out[out$niveau == "epci" & out$code == "200000002" & out$resultat == "oui", ]
	q <- quantile(Reduce(`+`, sums[5:9]), c(.025, .975), names = FALSE)
	check(paste("EPCI", e$nombre_bas, q[1]), near(e$nombre_bas, q[1], 1e-5) && near(e$nombre_haut, q[2], 1e-5))
	own <- out[out$niveau == "commune" & out$resultat == "oui" & out$code %in% sprintf("010%02d", 5:9), ]
	check("EPCI: a sum", near(e$nombre, sum(own$nombre), 1e-6))
	# the doubt of the replicates is that of linearised variance (400 draws: within a fifth)
	many <- as.matrix(read.table(path("tirages-400")))
	shares <- apply(many, 1, function(w) sum(w[d$pauvre == "oui"]) / sum(w))
	se <- SE(svymean(~I(as.numeric(pauvre == "oui")), svydesign(ids = ~1, strata = ~region, weights = ~w, data = d)))
	check(paste("replicates", sd(shares), se), abs(sd(shares) / se - 1) < .2)
	check("replicates keep the mean", abs(mean(shares) - weighted.mean(d$pauvre == "oui", d$w)) < se / 5)
	cat(passed, "passed,", failed, "failed\n")
	quit(status = as.integer(failed > 0 || passed == 0))
}
if (args[1] == "make") make() else verify()
