/* What this module keeps of a person, given back whole or erased (core/effacement.h). */
#pragma once

#include "core/effacement.h"

extern const struct effaceur personne_effaceurs[];
