# Writes cases on standard output for compare.c: what R's packages survey, laeken and spdep
# find, with the numbers they start from.  One word, then numbers, a case a line.
suppressPackageStartupMessages({ library(survey); library(laeken); library(spdep) })
options(digits = 17, scipen = 0)
out <- function(...) cat(paste(c(...), collapse = " "), "\n")
num <- function(x) formatC(as.numeric(x), digits = 17, format = "g")

# --- raking: survey::rake and laeken::calibWeights on the same tables ---------------------------
rake_case <- function(d, vars, margins, w) {
	des <- svydesign(ids = ~1, weights = w, data = d)
	r <- rake(des, lapply(vars, function(v) as.formula(paste("~", v))),
		lapply(seq_along(vars), function(i) setNames(data.frame(levels(d[[vars[i]]]), margins[[i]]), c(vars[i], "Freq"))),
		control = list(maxit = 5000, epsilon = 1e-14, verbose = FALSE))
	X <- do.call(cbind, lapply(vars, function(v) model.matrix(~ 0 + d[[v]])))
	drop <- cumsum(sapply(vars, function(v) nlevels(d[[v]])))[-1]   # one column less a later variable
	Xr <- X[, -drop, drop = FALSE]
	totals <- unlist(margins)[-drop]
	g <- calibWeights(Xr, w, totals, method = "raking", maxit = 1000, tol = 1e-14)
	out("rake", length(vars), sapply(vars, function(v) nlevels(d[[v]])), nrow(d),
		unlist(lapply(seq_len(nrow(d)), function(i) sapply(vars, function(v) as.integer(d[[v]])[i] - 1))),
		num(w), num(unlist(margins)), num(weights(r)), num(w * g))
}
set.seed(20261122)
data(eusilc)
e <- eusilc[eusilc$age >= 16, c("age", "hsize", "rb090", "pl030", "pb220a", "rb050", "db040", "eqIncome")]
e$tranche <- cut(e$age, c(15, 29, 44, 59, 74, 200), labels = c("a", "b", "c", "d", "e"))
e$taille <- cut(e$hsize, c(0, 1, 2, 4, 99), labels = c("1", "2", "3", "5"))
e <- e[complete.cases(e[, c("tranche", "taille", "rb090", "rb050")]), ]
for (k in 1:12) {
	n <- c(60, 200, 1500)[1 + k %% 3]
	d <- e[sample(nrow(e), n), ]
	if (any(table(d$tranche) == 0, table(d$taille) == 0)) next
	N <- round(10^runif(1, 2, 5))
	draw <- function(f) { x <- as.numeric(table(e[[f]])) * runif(nlevels(e[[f]]), .5, 1.5); x / sum(x) * N }
	rake_case(d, c("tranche", "taille", "rb090"), lapply(c("tranche", "taille", "rb090"), draw), d$rb050)
}
data(api)
apistrat$taille <- cut(apistrat$enroll, c(0, 300, 600, 1e5), labels = c("p", "m", "g"))
rake_case(apistrat, c("stype", "taille"), list(c(4421, 1018, 755), c(1700, 2494, 2000)), apistrat$pw)

# --- weighted shares: standard errors of survey::svymean, Wilson of prop.test -------------------
share_case <- function(y, w, strata) {
	d <- data.frame(y = as.numeric(y), w = w, h = strata)
	des <- svydesign(ids = ~1, strata = ~h, weights = ~w, data = d)
	m <- svymean(~y, des)
	neff <- sum(w)^2 / sum(w^2)
	p <- sum(w * y) / sum(w)
	ci <- suppressWarnings(prop.test(p * neff, neff, correct = FALSE)$conf.int)
	out("share", length(y), num(w), as.integer(y), as.integer(factor(strata)) - 1, nlevels(factor(strata)),
		num(c(coef(m), SE(m), neff, ci)))
}
share_case(apistrat$awards == "Yes", apistrat$pw, apistrat$stype)
share_case(apisrs$sch.wide == "Yes", apisrs$pw, rep("u", nrow(apisrs)))
for (k in 1:6) {
	d <- e[sample(nrow(e), 400), ]
	share_case(d$eqIncome < quantile(e$eqIncome, runif(1, .05, .5)), d$rb050, d$db040)
}

# --- neighbours, Moran, LISA --------------------------------------------------------------------
moran_case <- function(nb, x) {
	w <- nb2listw(nb, style = "W", zero.policy = TRUE)
	g <- moran.test(x, w, zero.policy = TRUE)
	l <- localmoran(x, w, zero.policy = TRUE)
	q <- attr(l, "quadr")$pysal
	alone <- card(nb) == 0
	mc <- moran.mc(x, w, nsim = 9999, zero.policy = TRUE)$p.value
	lmc <- localmoran_perm(x, w, nsim = 9999, zero.policy = TRUE)[, 6]     # two-sided, by rank
	num_or_0 <- function(v) num(ifelse(alone | is.na(v), 0, v))
	out("moran", length(x), card(nb), unlist(lapply(nb[!alone], function(v) v - 1)), num(x),
		num(c(g$estimate, g$p.value, mc)), num_or_0(l[, 1]), num_or_0(l[, 2]), num_or_0(l[, 3]), num_or_0(l[, 5]),
		ifelse(alone, -1, as.integer(q) - 1), num_or_0(lmc))
}
columbus <- sf::st_read(system.file("shapes/columbus.shp", package = "spData")[1], quiet = TRUE)
nb <- suppressMessages(poly2nb(columbus))
moran_case(nb, columbus$CRIME)
moran_case(nb, columbus$INC)
xy <- suppressWarnings(sf::st_coordinates(sf::st_centroid(sf::st_geometry(columbus))))
moran_case(knn2nb(knearneigh(xy, k = 4)), columbus$HOVAL)      # not mutual
alone <- nb
alone[[7]] <- 0L
alone[] <- lapply(alone, function(v) { v <- v[v != 7]; if (length(v) == 0) 0L else v })
moran_case(alone, columbus$CRIME)                              # one without neighbour
